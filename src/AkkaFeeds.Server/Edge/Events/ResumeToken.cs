using System.Buffers.Text;
using System.Security.Cryptography;
using AkkaFeeds.Clients;

namespace AkkaFeeds.Server.Edge.Events;

/// <summary>
/// The <c>id</c> of an event stream: what the client holds of each of its keys, so that <c>Last-Event-ID</c> resumes
/// all of them at any node. It names keys by their place in the request, and is bound to the request by a check: one
/// that was made for other keys, cut or changed says nothing. Who makes one up says no more than a WebSocket's
/// <c>resume</c> can, and of his own keys.
/// </summary>
internal static class ResumeToken
{
    /// <summary>
    /// Proxies take header lines of 8 KB. 128 keys of 16 partitions fit (<see cref="HeldBits"/>); of several hundreds
    /// the last are left out, and begin with a snapshot.
    /// </summary>
    public const int LengthMax = 6_000;

    private const byte FirstForm = 1;
    private const byte Form = 2;
    private const int CheckBytes = 8;
    private const int HeadBytes = 1 + CheckBytes;
    private const int EntriesBytesMax = (LengthMax * 3 / 4) - HeadBytes;

    /// <summary>The token of what a client holds.</summary>
    public static string Write(EventsRequest request, IReadOnlyList<HeldKey> held)
    {
        var keys = held.Select(key => (Place: request.PlaceOf(key), key.From)).OrderBy(key => key.Place).ToArray();
        var bits = new HeldBits(keys);
        var entries = bits.Write(HeldBits.Exact);
        if (entries.Length > EntriesBytesMax)
        {
            entries = Most(HeldBits.Exact, bits.Write)
                ?? Most(keys.Length, count => new HeldBits(keys.Take(count)).Write(0))!;
        }

        return Base64Url.EncodeToString([Form, .. Check(Form, entries, request.Binding), .. entries]);
    }

    /// <summary>What a token says of the keys of a request, by their places; empty where it says nothing.</summary>
    public static IReadOnlyDictionary<int, ResumeFrom> Read(EventsRequest request)
    {
        var text = request.LastEventId;
        if (text is null || text.Length > LengthMax || !Base64Url.IsValid(text))
        {
            return new Dictionary<int, ResumeFrom>();
        }

        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length < HeadBytes || bytes[0] is not (FirstForm or Form)
            || !bytes.AsSpan(1, CheckBytes).SequenceEqual(Check(bytes[0], bytes.AsSpan(HeadBytes), request.Binding)))
        {
            return new Dictionary<int, ResumeFrom>();
        }

        var entries = bytes.AsMemory(HeadBytes);
        return (bytes[0] == Form
            ? HeldBits.Read(entries, request.Keys.Count)
            : TokenReader.Read(entries, request.Keys.Count)) ?? new Dictionary<int, ResumeFrom>();
    }

    // The longest that fits; null where not even the one of 0 does.
    private static byte[]? Most(int most, Func<int, byte[]> write)
    {
        byte[]? fits = null;
        for (var least = 0; least <= most;)
        {
            var middle = (least + most) / 2;
            var entries = write(middle);
            if (entries.Length <= EntriesBytesMax)
            {
                fits = entries;
                least = middle + 1;
            }
            else
            {
                most = middle - 1;
            }
        }

        return fits;
    }

    // The check of the first form does not name it.
    private static ReadOnlySpan<byte> Check(byte form, ReadOnlySpan<byte> entries, byte[] binding)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (form != FirstForm)
        {
            hash.AppendData([form]);
        }

        hash.AppendData(binding);
        hash.AppendData(entries);
        return hash.GetHashAndReset().AsSpan(0, CheckBytes);
    }
}
