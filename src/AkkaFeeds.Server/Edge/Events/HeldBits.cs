using System.Buffers;
using AkkaFeeds.Clients;

namespace AkkaFeeds.Server.Edge.Events;

/// <summary>
/// What a client holds of its keys, in few bits: epochs and partitions once, and each position as its distance from
/// the newest one that is held of its partition, because the positions of one key lie about equally far behind.
/// </summary>
/// <remarks>
/// Where that is still too long, a distance gives up its lowest bits. A position is then said too high, and never
/// higher than the newest one that is held of its partition. That is safe: in another epoch the key is shown when it
/// has come so far, or three seconds after its slot has (<see cref="KeyPlace"/>), so later than it could be.
/// </remarks>
internal sealed class HeldBits
{
    /// <summary>Gives up nothing.</summary>
    public const int Exact = 63;

    private const int TextLengthMax = 256;
    private const int HexBits = 4;
    private const int AsciiBits = 7;
    private const string Hex = "0123456789abcdef";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create(Hex);

    private readonly OrderedDictionary<string, int> epochs = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<(string Log, string Partition), int> columns = [];
    private readonly List<long> newest = [];
    private readonly List<Row> rows;

    /// <summary>Begins with what is held.</summary>
    /// <param name="keys">The places of the keys, rising, and what is held of each.</param>
    public HeldBits(IEnumerable<(int Place, ResumeFrom From)> keys)
    {
        rows = [.. keys.Select(key => RowOf(key.Place, key.From))];
        foreach (var row in rows)
        {
            for (var index = 0; index < row.Columns.Length; index++)
            {
                row.Distances[index] = newest[row.Columns[index]] - row.Distances[index];
            }
        }
    }

    /// <summary>Writes it.</summary>
    /// <param name="kept">Of the distances of a key about so many bits are kept; 0 to <see cref="Exact"/>.</param>
    public byte[] Write(int kept)
    {
        var output = new BitWriter();
        WriteTexts(output, epochs.Keys);
        WriteTexts(output, [.. columns.Keys.Select(column => column.Partition)]);
        newest.ForEach(output.Number);
        output.Few(rows.Count);
        var place = 0;
        foreach (var row in rows)
        {
            output.Few(row.Place - place);
            place = row.Place + 1;
            output.Bits(row.Epoch, BitWriter.WidthOf(epochs.Count - 1));
            output.Number(row.Version);
            Write(output, row, kept);
        }

        return output.ToArray();
    }

    /// <summary>What is held, by the places of the keys; null where it is not well formed.</summary>
    /// <param name="bytes">What was written.</param>
    /// <param name="places">How many keys there are.</param>
    public static IReadOnlyDictionary<int, ResumeFrom>? Read(ReadOnlyMemory<byte> bytes, int places)
    {
        var input = new BitReader(bytes);
        var epochs = ReadTexts(input);
        var partitions = ReadTexts(input);
        var newest = partitions.ConvertAll(_ => input.Number());
        var found = new Dictionary<int, ResumeFrom>();
        var place = -1L;
        for (var left = input.Few(); left > 0 && !input.IsBroken; left--)
        {
            place += 1L + input.Few();
            var epoch = (int)input.Bits(BitWriter.WidthOf(Math.Max(epochs.Count - 1, 0)));
            var version = input.Number();
            var positions = ReadPositions(input, partitions, newest);
            if (place >= places || epoch >= epochs.Count || epochs[epoch].Length == 0)
            {
                return null;
            }

            found.Add((int)place, new ResumeFrom(epochs[epoch], version, positions));
        }

        return input.IsAtEnd ? found : null;
    }

    private Row RowOf(int place, ResumeFrom from)
    {
        if (!epochs.TryGetValue(from.Epoch, out var epoch))
        {
            epochs.Add(from.Epoch, epoch = epochs.Count);
        }

        // Positions in different logs have nothing to do with each other.
        var log = from.Epoch[..Math.Max(from.Epoch.IndexOf('.'), 0)];
        var row = new Row(
            place, epoch, from.Version, new int[from.Positions.Count], new long[from.Positions.Count]);
        for (var index = 0; index < row.Columns.Length; index++)
        {
            var (partition, offset) = from.Positions[index];
            if (!columns.TryGetValue((log, partition), out var column))
            {
                columns.Add((log, partition), column = columns.Count);
                newest.Add(offset);
            }

            newest[column] = Math.Max(newest[column], offset);
            (row.Columns[index], row.Distances[index]) = (column, offset);
        }

        Array.Sort(row.Columns, row.Distances);
        return row;
    }

    private static void Write(BitWriter output, Row row, int kept)
    {
        output.Few(row.Columns.Length);
        var column = 0;
        foreach (var next in row.Columns)
        {
            output.Few(next - column);
            column = next + 1;
        }

        if (row.Columns.Length > 0)
        {
            var dropped = Math.Max(0, LowBits(row.Distances, 0) - kept);
            var low = LowBits(row.Distances, dropped);
            output.Few(dropped);
            output.Bits(low, BitWriter.WidthBits);
            foreach (var distance in row.Distances)
            {
                output.About(distance >> dropped, low);
            }
        }
    }

    private static List<KeyValuePair<string, long>> ReadPositions(
        BitReader input, List<string> partitions, List<long> newest)
    {
        var found = new List<int>();
        var column = -1L;
        for (var left = input.Few(); left > 0 && !input.IsBroken; left--)
        {
            column += 1L + input.Few();
            found.Add((int)(column < partitions.Count ? column : input.Break()));
        }

        var dropped = found.Count > 0 ? input.Few() : 0;
        var low = found.Count > 0 ? (int)input.Bits(BitWriter.WidthBits) : 0;
        var positions = new List<KeyValuePair<string, long>>();
        for (var index = 0; index < found.Count && !input.IsBroken; index++)
        {
            var most = newest[found[index]];
            var distance = input.About(low);
            if (dropped > Exact || distance > most >> dropped)
            {
                input.Break();
            }

            positions.Add(KeyValuePair.Create(partitions[found[index]], most - (distance << dropped)));
        }

        return positions;
    }

    // So many that their mean is about the largest number that these bits have: what is beyond costs, for all of them
    // together, no more bits than there are distances.
    private static int LowBits(long[] distances, int dropped)
    {
        UInt128 sum = 0;
        foreach (var distance in distances)
        {
            sum += (ulong)(distance >> dropped);
        }

        var low = 0;
        while ((UInt128)distances.Length << low < sum)
        {
            low++;
        }

        return low;
    }

    // Each as what it has in common with the one before it, and the rest, which is mostly of hexadecimal digits.
    private static void WriteTexts(BitWriter output, IReadOnlyCollection<string> texts)
    {
        output.Few(texts.Count);
        var before = "";
        foreach (var text in texts)
        {
            var common = before.AsSpan().CommonPrefixLength(text);
            var rest = text.AsSpan(common);
            var isHex = !rest.ContainsAnyExcept(HexDigits);
            output.Few(common);
            output.Few(rest.Length);
            output.Bits(isHex ? 1 : 0, 1);
            foreach (var each in rest)
            {
                output.Bits(isHex ? Hex.IndexOf(each) : each, isHex ? HexBits : AsciiBits);
            }

            before = text;
        }
    }

    private static List<string> ReadTexts(BitReader input)
    {
        var texts = new List<string>();
        var before = "";
        for (var left = input.Few(); left > 0 && !input.IsBroken; left--)
        {
            var common = input.Few();
            var rest = input.Few();
            var isHex = input.Bits(1) == 1;
            if (common > before.Length || rest > TextLengthMax - common)
            {
                input.Break();
                break;
            }

            texts.Add(before = string.Concat(before.AsSpan(0, common), ReadText(input, rest, isHex)));
        }

        return texts;
    }

    private static string ReadText(BitReader input, int length, bool isHex) =>
        string.Create(length, (input, isHex), static (text, from) =>
        {
            foreach (ref var each in text)
            {
                each = from.isHex ? Hex[(int)from.input.Bits(HexBits)] : (char)from.input.Bits(AsciiBits);
            }
        });

    private sealed record Row(int Place, int Epoch, long Version, int[] Columns, long[] Distances);
}
