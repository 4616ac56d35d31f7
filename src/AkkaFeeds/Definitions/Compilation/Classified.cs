using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Compilation;

/// <summary>
/// What a lane finds out about a record before lateness and the slot: a row, filtered, or quarantined with a reason.
/// </summary>
internal readonly struct Classified
{
    private Classified(KeyName? key, long eventTime, string? id, bool isRetraction, string? reason, string? detail)
    {
        Key = key;
        EventTime = eventTime;
        Id = id;
        IsRetraction = isRetraction;
        Reason = reason;
        Detail = detail;
    }

    /// <summary>Not wanted.</summary>
    public static Classified Filtered => default;

    /// <summary>The key of a row; null where this is none.</summary>
    public KeyName? Key { get; }

    /// <summary>The event time of a row, Unix ms.</summary>
    public long EventTime { get; }

    /// <summary>The identity of a row within its key, where the feed has one.</summary>
    public string? Id { get; }

    /// <summary>Whether the row takes back what its identity held.</summary>
    public bool IsRetraction { get; }

    /// <summary>Why it is quarantined, one of <see cref="Reasons"/>; null where it is not.</summary>
    public string? Reason { get; }

    /// <summary>What an operator reads of it.</summary>
    public string? Detail { get; }

    public bool IsRow => Key is not null;

    public bool IsQuarantined => Reason is not null;

    public bool IsFiltered => Key is null && Reason is null;

    public static Classified Row(KeyName key, long eventTime, string? id, bool isRetraction) =>
        new(key, eventTime, id, isRetraction, null, null);

    public static Classified Quarantined(string reason, string detail) => new(null, 0, null, false, reason, detail);
}
