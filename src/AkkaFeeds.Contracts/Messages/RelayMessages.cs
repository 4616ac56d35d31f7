namespace AkkaFeeds.Contracts;

/// <summary>What clients and relays of one node say to each other; none of it leaves the node.</summary>
public static class RelayMessages
{
    /// <summary>
    /// Where a relay shows a key to one subscriber. Called from any thread; never blocks, never fails.
    /// </summary>
    public interface IKeyScreen
    {
        /// <summary>There is something new to see; what comes in between may be left out.</summary>
        /// <param name="latest">What the relay shows, now and later: one object a relay.</param>
        void Show(Latest<KeyView> latest);
    }

    /// <summary>Where a relay shows a collection to one subscriber.</summary>
    public interface IRowsScreen
    {
        /// <summary>There is something new to see.</summary>
        /// <param name="latest">What the relay shows, now and later: one object a relay.</param>
        void Show(Latest<RowsView> latest);
    }

    /// <summary>Show a key from now on. The first call follows at once where the key is known here already.</summary>
    /// <param name="Feed">A feed that exists.</param>
    /// <param name="Key">A possible key, with the subscriber's own tenant.</param>
    /// <param name="Screen">Where to show it.</param>
    public sealed record WatchKey(string Feed, KeyName Key, IKeyScreen Screen);

    /// <summary>Show it no more.</summary>
    public sealed record UnwatchKey(string Feed, KeyName Key, IKeyScreen Screen);

    /// <summary>Show a collection from now on.</summary>
    /// <param name="Feed">A feed that exists.</param>
    /// <param name="Tenant">The subscriber's tenant.</param>
    /// <param name="Query">What is wanted; equal queries are answered by one relay.</param>
    /// <param name="Screen">Where to show it.</param>
    public sealed record WatchRows(string Feed, string Tenant, RowsQuery Query, IRowsScreen Screen);

    /// <summary>Show it no more.</summary>
    public sealed record UnwatchRows(string Feed, string Tenant, RowsQuery Query, IRowsScreen Screen);

    /// <summary>Too many different collections of a feed are watched on this node.</summary>
    /// <param name="Screen">Whose watch is refused.</param>
    /// <param name="Limit">How many there may be.</param>
    public sealed record RowsRefused(IRowsScreen Screen, int Limit);
}
