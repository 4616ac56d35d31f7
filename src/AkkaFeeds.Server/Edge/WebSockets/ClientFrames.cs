using System.Text.Json;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>
/// Reads the frames of clients (product.md, section 6): each becomes a command, or one error that names the member.
/// </summary>
internal sealed class ClientFrames(FeedChecks feeds)
{
    /// <summary>How deep a frame may be nested.</summary>
    public const int DepthMax = 8;

    private static readonly string[] Ops = ["hello", "auth", "subscribe", "unsubscribe", "rendered", "ping"];
    private static readonly JsonDocumentOptions Strict =
        new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };

    /// <summary>
    /// The command of a frame; null where it asks for nothing here. What is no JSON object closes the connection.
    /// </summary>
    /// <param name="json">The frame.</param>
    /// <param name="isFirst">Whether the connection has sent none before it: only then may it be a hello.</param>
    public ClientCommands.ICommand? Read(ReadOnlyMemory<byte> json, bool isFirst)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Strict);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter: a name holds half of a surrogate pair as an escape, and so it is no text.
            return new ClientCommands.Close(CloseCode.BadFrame, "bad-frame");
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return new ClientCommands.Close(CloseCode.BadFrame, "bad-frame");
            }

            var frame = new FrameMembers(document.RootElement);
            try
            {
                return Read(frame, isFirst);
            }
            catch (InvalidOperationException)
            {
                // As above, of a name that was not compared.
                return new ClientCommands.Close(CloseCode.BadFrame, "bad-frame");
            }
            catch (ProblemException problem)
            {
                return new ClientCommands.Refused(
                    problem.Code, problem.Message, frame.Shown("feed"), frame.Shown("key"), frame.Shown("id"));
            }
        }
    }

    private ClientCommands.ICommand? Read(FrameMembers frame, bool isFirst)
    {
        var op = frame.Text("op", Ops) ?? throw FrameMembers.Missing("op");
        switch (op)
        {
            case "hello":
                frame.Only("op", "marks");
                var marks = frame.Flag("marks") ?? false;
                return isFirst ? new ClientCommands.Hello(marks) : throw LateHello();
            case "auth":
                // Nobody is asked who he is here; a client that brings a token is served like one that does not.
                frame.Only("op", "token");
                _ = frame.Text("token") ?? throw FrameMembers.Missing("token");
                return null;
            case "subscribe":
                return frame.Has("keys") ? SubscribeRows(frame) : Subscribe(frame);
            case "unsubscribe":
                return Unsubscribe(frame);
            case "rendered":
                frame.Only("op", "mark", "at");
                return new ClientCommands.Rendered(
                    frame.Number("mark") ?? throw FrameMembers.Missing("mark"), frame.Number("at"));
            case "ping":
                frame.Only("op", "t");
                return new ClientCommands.Ping(frame.Number("t"));
            default:
                throw new ProblemException(
                    ProblemCodes.UnknownOp,
                    $"There is no op {ShownText.Quote(op)}; there are {string.Join(", ", Ops)}.");
        }
    }

    // What came before it has been answered as to a client without marks; to change that in the middle of a stream
    // would hold views back from who does not know that he has to answer.
    private static ProblemException LateHello() => new(
        ProblemCodes.BadFrame, "hello comes first, before auth and all other frames; here it is without effect.");

    private ClientCommands.Subscribe Subscribe(FrameMembers frame)
    {
        frame.Only("op", "feed", "key", "fields", "resume", "maxRate");
        var feed = Feed(frame);
        var key = EdgeKeys.FromText(frame.Text("key") ?? throw FrameMembers.Missing("key"));
        return new ClientCommands.Subscribe(feed.Name, key, Selection(feed, frame), frame.Pause(), frame.Resume());
    }

    private ClientCommands.SubscribeRows SubscribeRows(FrameMembers frame)
    {
        frame.Only("op", "feed", "keys", "id", "prefix", "fields", "sort", "limit", "maxRate");
        if (frame.Text("keys") != "*")
        {
            throw new ProblemException(
                ProblemCodes.BadFrame, "keys can only be \"*\"; name a single key with the member key.");
        }

        var feed = Feed(frame);
        var prefix = EdgeKeys.Prefix(frame.Text("prefix"));
        var (sort, descending) = FeedChecks.Sort(feed, frame.Text("sort"));
        var limit = FeedChecks.Items("limit", frame.Number("limit"));
        var query = new RowsQuery(prefix, Fields(feed, frame), sort, descending, limit);
        return new ClientCommands.SubscribeRows(feed.Name, frame.Id() ?? prefix, query, frame.Pause());
    }

    private ClientCommands.ICommand Unsubscribe(FrameMembers frame)
    {
        frame.Only("op", "feed", "key", "id");
        var feed = Feed(frame);
        if (frame.Has("key") == frame.Has("id"))
        {
            throw new ProblemException(
                ProblemCodes.BadFrame, "Name what to unsubscribe: the member key, or id for a collection.");
        }

        return frame.Has("id")
            ? new ClientCommands.UnsubscribeRows(feed.Name, frame.Id()!)
            : new ClientCommands.Unsubscribe(feed.Name, EdgeKeys.FromText(frame.Text("key")!));
    }

    private FeedCard Feed(FrameMembers frame) => feeds.Feed(frame.Text("feed") ?? throw FrameMembers.Missing("feed"));

    private static List<string>? Fields(FeedCard feed, FrameMembers frame) =>
        frame.Texts("fields") is { } names ? FeedChecks.Fields(feed, names) : null;

    private static FieldSelection? Selection(FeedCard feed, FrameMembers frame) =>
        Fields(feed, frame) is { } fields ? new FieldSelection(fields) : null;
}
