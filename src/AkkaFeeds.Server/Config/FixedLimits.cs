using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Server.Edge.Events;
using AkkaFeeds.Server.Edge.GraphQl;
using AkkaFeeds.Server.Edge.Streams;
using AkkaFeeds.Server.Edge.WebSockets;

namespace AkkaFeeds.Server.Config;

/// <summary>
/// The limits that are no options, from the constants that are obeyed, so that docs/configuration.md cannot say
/// another number than the program has.
/// </summary>
internal static class FixedLimits
{
    private const string Limit = "more are refused (`limit`)";
    private const string BadFrame = "a longer one is refused (`bad-frame`)";

    /// <summary>All of them, in the order of a request's way.</summary>
    public static IReadOnlyList<FixedLimit> All { get; } = [.. Requests(), .. Streams(), .. Connections()];

    private static IEnumerable<FixedLimit> Requests() =>
    [
        new("A key", KeyName.BytesMax, "bytes of UTF-8", "a longer one is refused (`bad-key`)"),
        new("The parameters of a query", QueryParameters.ParametersMax, "", Limit),
        new("The keys of one request for snapshots", FeedEndpoints.SnapshotsMax, "", Limit),
        new("The keys or rows of one answer", FeedEndpoints.AnswerItemsMax, "",
            $"a higher `limit` is refused (`limit`); without `limit` it is {FeedEndpoints.AnswerItemsStandard}"),
        FixedLimit.Duration("The `wait` of a long poll", FeedEndpoints.WaitMax, "a longer one is refused (`limit`)"),
        new("The headers of a request", EdgeListening.HeadersMax, "", "more are refused (`too-large`, 431)"),
    ];

    private static IEnumerable<FixedLimit> Streams() =>
    [
        new("The `fields` of a subscription", FrameMembers.FieldsMax, "", "more are refused (`bad-frame`)"),
        new("The `id` of a collection", FrameMembers.IdLengthMax, "characters", BadFrame),
        new("The `epoch` of a `resume`", FrameMembers.EpochLengthMax, "characters", BadFrame),
        new("`maxRate`", (long)FrameMembers.RateMax, "frames a second", "a higher one is refused (`bad-frame`)"),
        FixedLimit.Duration("A frame of a client, or a message of several, from its first byte to its last",
            FrameDeadline.Within, "the connection is closed (4008)"),
        new("How deep a client's frame is nested", ClientFrames.DepthMax, "", "a deeper one closes (4000)"),
        new("The subscribes to one key or collection that wait for their answers", KeyPlace.UnansweredMax, "",
            "one more is refused (`rate`)"),
        new("The `id` of a GraphQL operation", GraphQlConnection.IdLengthMax, "characters",
            "a longer one closes (4400)"),
        new("How deep a GraphQL message is nested", GraphQlConnection.DepthMax, "", "a deeper one closes (4400)"),
        new("The `id` of an event, which is `Last-Event-ID`", ResumeToken.LengthMax, "characters",
            "offsets are said too high: behind a restart a key waits three seconds longer; of many hundred keys the "
            + "last are left out, and begin with a snapshot"),
        FixedLimit.Size("Results of GraphQL that connections share", SharedResults.BytesStandard,
            "the older half is forgotten, and made again when it is asked for"),
    ];

    private static IEnumerable<FixedLimit> Connections() =>
    [
        new("Connections of a node, of any kind", $"{EdgeListening.ConnectionsPerClient} x `limits.connections`", "",
            "one more is closed without an answer"),
        FixedLimit.Size("What is held of an answer that is not taken", EdgeListening.AnswerBufferBytes,
            "the rest is written when it is taken; `http.bodyRate` ends who takes too little"),
        FixedLimit.Size("A frame of HTTP/2", EdgeListening.FrameBytes, "a larger one ends the connection"),
        FixedLimit.Size("One header of HTTP/2; `http.targetBytes` where that is less", EdgeListening.HeaderFieldBytes,
            "a larger one ends the connection"),
        FixedLimit.Size("The table of headers of an HTTP/2 connection", EdgeListening.HeaderTableBytes,
            "the oldest are forgotten"),
        FixedLimit.Size("What an HTTP/2 stream sends before it is read", EdgeListening.StreamWindowBytes,
            "the client waits"),
        FixedLimit.Size("What all streams of an HTTP/2 connection send before they are read",
            EdgeListening.ConnectionWindowBytes, "the client waits"),
    ];
}
