namespace AkkaFeeds.Contracts;

/// <summary>Why a record is quarantined; a closed set, because it is a label of a metric.</summary>
public static class Reasons
{
    /// <summary>The value is not of the topic's format.</summary>
    public const string Decode = "decode";

    /// <summary>Key, tenant or id absent, of a wrong type, or impossible.</summary>
    public const string BadKey = "bad-key";

    /// <summary>The event time is absent or unreadable.</summary>
    public const string Time = "time";

    /// <summary>The event time is further after the Kafka timestamp than <c>ahead</c>.</summary>
    public const string Future = "future";

    /// <summary>A value of a wrong type.</summary>
    public const string Type = "type";

    /// <summary>Whole numbers whose result does not fit 64 bits.</summary>
    public const string Overflow = "overflow";

    /// <summary>A limit of the definition or of a key's size.</summary>
    public const string Limit = "limit";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Decode, BadKey, Time, Future, Type, Overflow, Limit];
}
