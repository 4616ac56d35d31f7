using System.Buffers;
using System.Text.Json;
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

    /// <summary>A result, written.</summary>
    public static void WriteNext(string id, ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        var text = new FrameText(output);
        text.Raw("{\"id\":"u8);
        text.String(id);
        text.Raw(",\"type\":\"next\",\"payload\":"u8);
        text.Raw(payload);
        text.Raw("}"u8);
    }

    /// <summary>A result.</summary>
    public static byte[] Next(string id, ReadOnlySpan<byte> payload) => Write("next", id, payload);

    /// <summary>The operation has failed, and is over; the payload is a list of errors.</summary>
    public static byte[] Error(string id, ReadOnlySpan<byte> payload) => Write("error", id, payload);

    /// <summary>The operation is over.</summary>
    public static byte[] Complete(string id) => Write("complete", id, []);

    private static byte[] Write(string type, string id, ReadOnlySpan<byte> payload)
    {
        var output = new ArrayBufferWriter<byte>(payload.Length + 64);
        using (var json = new Utf8JsonWriter(output, EdgeJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("type", type);
            if (!payload.IsEmpty)
            {
                json.WritePropertyName("payload");
                json.WriteRawValue(payload, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
