using Akka.Actor;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Clients;

/// <summary>What a client asks of its connection, checked by the edge.</summary>
internal static class ClientCommands
{
    /// <summary>What all commands share; none leaves the node.</summary>
    public interface ICommand : INoSerializationVerificationNeeded;

    /// <summary>The client answers marks, or does not.</summary>
    public sealed record Hello(bool Marks) : ICommand;

    /// <summary>Show a key; a second one replaces what is wanted of it.</summary>
    /// <param name="Feed">A feed that exists.</param>
    /// <param name="Key">A possible key.</param>
    /// <param name="Fields">The fields wanted; null for all.</param>
    /// <param name="PauseMilliseconds">The least time between two deltas; 0 for none.</param>
    /// <param name="Resume">What the client holds, or null.</param>
    public sealed record Subscribe(
        string Feed, KeyName Key, FieldSelection? Fields, long PauseMilliseconds, ResumeFrom? Resume) : ICommand;

    /// <summary>Show a collection; a second one of the same id replaces the query.</summary>
    public sealed record SubscribeRows(string Feed, string Id, RowsQuery Query, long PauseMilliseconds) : ICommand;

    /// <summary>Show a key no more.</summary>
    public sealed record Unsubscribe(string Feed, KeyName Key) : ICommand;

    /// <summary>Show a collection no more.</summary>
    public sealed record UnsubscribeRows(string Feed, string Id) : ICommand;

    /// <summary>What came before a mark has been painted.</summary>
    /// <param name="Mark">The mark.</param>
    /// <param name="At">When, Unix ms on the server's clock; null where nothing was painted.</param>
    public sealed record Rendered(long Mark, long? At) : ICommand;

    /// <summary>Answer with a pong.</summary>
    public sealed record Ping(long? Time) : ICommand;

    /// <summary>What the client sent is refused; the connection stays.</summary>
    public sealed record Refused(
        string Code, string Message, string? Feed = null, string? Key = null, string? Id = null) : ICommand;

    /// <summary>The connection is to be closed.</summary>
    /// <param name="Code">The close code.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="RetryAfterMilliseconds">When to come back; null where that is the client's own choice.</param>
    public sealed record Close(int Code, string Reason, long? RetryAfterMilliseconds = null) : ICommand;

    /// <summary>The socket has ended.</summary>
    public sealed class Gone : ICommand
    {
        private Gone()
        {
        }

        /// <summary>The message.</summary>
        public static Gone Instance { get; } = new();
    }
}
