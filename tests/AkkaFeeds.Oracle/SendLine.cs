using System.Globalization;

namespace AkkaFeeds.LogOracle;

/// <summary>One record that the generator sent, and what it was told about it.</summary>
/// <param name="Id">The record's own, unique in the run.</param>
/// <param name="Key">The dashboard key.</param>
/// <param name="Sequence">Its number within the key, without gaps among all that were sent.</param>
/// <param name="Outcome">ok, failed or unknown.</param>
/// <param name="Partition">Where it is, when ok; else -1.</param>
/// <param name="Offset">Where it is, when ok; else -1.</param>
/// <param name="AckedMs">When the answer came, Unix ms.</param>
public readonly record struct SendLine(
    long Id, string Key, long Sequence, string Outcome, int Partition, long Offset, long AckedMs)
{
    /// <summary>The broker has it.</summary>
    public const string Ok = "ok";

    /// <summary>It is certainly not in the log.</summary>
    public const string Failed = "failed";

    /// <summary>Nobody knows.</summary>
    public const string Unknown = "unknown";

    /// <summary>Reads a line.</summary>
    public static SendLine Parse(string[] fields) => new(
        Number(fields[0]), fields[1], Number(fields[2]), fields[3], (int)Number(fields[4]), Number(fields[5]),
        Number(fields[6]));

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Id}\t{Key}\t{Sequence}\t{Outcome}\t{Partition}\t{Offset}\t{AckedMs}");

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
