using System.Buffers;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>The messages of graphql-transport-ws that a server sends, and the codes that it closes with.</summary>
internal static class GraphQlMessages
{
    public const int BadMessage = 4400;
    public const int Unauthorized = 4401;
    public const int NoSubprotocol = 4406;
    public const int InitialisationTimeout = 4408;
    public const int SubscriberExists = 4409;
    public const int TooManyInitialisations = 4429;

    public static byte[] Acknowledged { get; } = [.. "{\"type\":\"connection_ack\"}"u8];

    public static byte[] Pong { get; } = [.. "{\"type\":\"pong\"}"u8];

    /// <summary>A result.</summary>
    public static void WriteNext(string id, ReadOnlySpan<byte> payload, IBufferWriter<byte> output) =>
        Write("next"u8, id, payload, output);

    /// <summary>A result.</summary>
    public static byte[] Next(string id, ReadOnlySpan<byte> payload) => Written("next"u8, id, payload);

    /// <summary>The operation has failed, and is over; the payload is a list of errors.</summary>
    public static byte[] Error(string id, ReadOnlySpan<byte> payload) => Written("error"u8, id, payload);

    /// <summary>The operation is over.</summary>
    public static byte[] Complete(string id) => Written("complete"u8, id, []);

    private static byte[] Written(ReadOnlySpan<byte> type, string id, ReadOnlySpan<byte> payload)
    {
        var output = new ArrayBufferWriter<byte>(payload.Length + 64);
        Write(type, id, payload, output);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(
        ReadOnlySpan<byte> type, string id, ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        var text = new FrameText(output);
        text.Raw("{\"id\":"u8);
        text.String(id);
        text.Raw(",\"type\":\""u8);
        text.Raw(type);
        text.Raw("\""u8);
        if (!payload.IsEmpty)
        {
            text.Raw(",\"payload\":"u8);
            text.Raw(payload);
        }

        text.Raw("}"u8);
    }
}
