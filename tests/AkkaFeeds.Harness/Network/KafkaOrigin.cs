using System.Buffers.Binary;

namespace AkkaFeeds.Harness;

/// <summary>
/// Tells the connections by which a client of Kafka fetches records from the others that it has: by the head of a
/// request, which is its length and the number of what is asked for.
/// </summary>
public static class KafkaOrigin
{
    /// <summary>The origin of a connection that fetches.</summary>
    public const string Fetch = "fetch";

    private const int ApiKeyAt = sizeof(int);
    private const short FetchKey = 1;

    /// <summary><see cref="Fetch"/>, or null where the bytes do not begin a request for records.</summary>
    public static string? Read(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= ApiKeyAt + sizeof(short) && BinaryPrimitives.ReadInt16BigEndian(bytes[ApiKeyAt..]) == FetchKey
            ? Fetch
            : null;
}
