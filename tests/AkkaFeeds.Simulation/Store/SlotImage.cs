using AkkaFeeds.Contracts;
using AkkaFeeds.Slots.Protocol;

namespace AkkaFeeds.Simulation.Store;

/// <summary>What a slot has folded into one key from one log.</summary>
internal record struct KeySum(long Count, ulong Digest);

/// <summary>The claim event.</summary>
internal sealed record Claimed(string Epoch);

/// <summary>The bytes of a checkpoint: watermarks first, then keys.</summary>
internal static class SlotImage
{
    public static byte[] Encode(
        IReadOnlyList<Watermark> marks, IReadOnlyList<LaneId> lanes, IReadOnlyList<(int Key, KeySum[] Sums)> keys)
    {
        using var bytes = new MemoryStream(256);
        using var writer = new BinaryWriter(bytes);
        writer.Write((byte)marks.Count);
        foreach (var mark in marks)
        {
            writer.Write((byte)IndexOf(lanes, mark.Lane));
            writer.Write((int)mark.Applied);
            writer.Write((byte)mark.LeaderEpoch);
            writer.Write((byte)mark.Refusals.Count);
            foreach (var refusal in mark.Refusals)
            {
                writer.Write((int)refusal.Offset);
            }
        }

        foreach (var (key, sums) in keys)
        {
            for (var log = 0; log < sums.Length; log++)
            {
                writer.Write((byte)key);
                writer.Write((byte)log);
                writer.Write((int)sums[log].Count);
                writer.Write(sums[log].Digest);
            }
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>
    /// Reads a checkpoint; one that is cut short gives what is there, which only a defect ever asks for.
    /// </summary>
    /// <exception cref="InvalidDataException">There is nothing at all.</exception>
    public static IReadOnlyList<Watermark> Decode(
        ReadOnlyMemory<byte> bytes, IReadOnlyList<LaneId> lanes, Action<int, int, KeySum> onKey)
    {
        if (bytes.IsEmpty)
        {
            throw new InvalidDataException("a checkpoint of no bytes");
        }

        var marks = new List<Watermark>();
        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()));
        try
        {
            for (var count = reader.ReadByte(); count > 0; count--)
            {
                var lane = lanes[reader.ReadByte()];
                var applied = reader.ReadInt32();
                var leaderEpoch = reader.ReadByte();
                var refusals = new Refusal[reader.ReadByte()];
                for (var index = 0; index < refusals.Length; index++)
                {
                    refusals[index] = new Refusal(reader.ReadInt32(), Reasons.Type, "");
                }

                marks.Add(new Watermark(lane, applied, leaderEpoch, refusals));
            }

            while (reader.BaseStream.Position < reader.BaseStream.Length)
            {
                onKey(reader.ReadByte(), reader.ReadByte(), new KeySum(reader.ReadInt32(), reader.ReadUInt64()));
            }
        }
        catch (EndOfStreamException)
        {
            return marks;
        }

        return marks;
    }

    private static int IndexOf(IReadOnlyList<LaneId> lanes, LaneId lane)
    {
        for (var index = 0; index < lanes.Count; index++)
        {
            if (lanes[index] == lane)
            {
                return index;
            }
        }

        throw new InvalidOperationException($"{lane} is not a lane of this history");
    }
}
