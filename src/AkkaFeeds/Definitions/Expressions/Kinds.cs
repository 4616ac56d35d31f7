using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// The kinds a value can have, as far as the definition alone tells: a set. Absent and null are always possible.
/// </summary>
[Flags]
internal enum Kinds
{
    None = 0,
    Bool = 1,
    Long = 2,
    Double = 4,
    String = 8,
    Time = 16,
    Duration = 32,
    Json = 64,
    Number = Long | Double,
    Any = 127,
}

internal static class KindsExtensions
{
    /// <summary>The set of one kind; none for absent and null.</summary>
    public static Kinds ToKinds(this ValueKind kind) => kind switch
    {
        ValueKind.Bool => Kinds.Bool,
        ValueKind.Long => Kinds.Long,
        ValueKind.Double => Kinds.Double,
        ValueKind.String => Kinds.String,
        ValueKind.Time => Kinds.Time,
        ValueKind.Duration => Kinds.Duration,
        ValueKind.Json => Kinds.Json,
        _ => Kinds.None,
    };

    /// <summary>Whether every kind of the set is in <paramref name="wanted"/>.</summary>
    public static bool Within(this Kinds kinds, Kinds wanted) => (kinds & ~wanted) == 0;

    /// <summary>Whether no kind of the set is in <paramref name="wanted"/>; a set of nothing is not outside.</summary>
    public static bool Outside(this Kinds kinds, Kinds wanted) => kinds != Kinds.None && (kinds & wanted) == 0;

    /// <summary>How <c>GET /v1/feeds</c> names the set.</summary>
    public static string ToTypeName(this Kinds kinds) => kinds switch
    {
        Kinds.Bool => "bool",
        Kinds.Long => "long",
        Kinds.Double or Kinds.Number => "double",
        // A duration is shown as text.
        Kinds.String or Kinds.Duration or (Kinds.String | Kinds.Duration) => "string",
        Kinds.Time => "time",
        Kinds.Json => "object",
        _ => "any",
    };

    /// <summary>A kind as operators' messages name it.</summary>
    public static string ToText(this ValueKind kind) => kind switch
    {
        ValueKind.Absent => "absent",
        ValueKind.Null => "null",
        ValueKind.Bool => "a truth value",
        ValueKind.Long => "a whole number",
        ValueKind.Double => "a number",
        ValueKind.String => "a string",
        ValueKind.Time => "a time",
        ValueKind.Duration => "a duration",
        _ => "an object or list",
    };

    /// <summary>A set as messages name it.</summary>
    public static string ToText(this Kinds kinds)
    {
        var names = new List<string>();
        if ((kinds & Kinds.Number) != 0)
        {
            names.Add("number");
        }

        foreach (var kind in (ReadOnlySpan<Kinds>)[Kinds.String, Kinds.Bool, Kinds.Time, Kinds.Duration])
        {
            if ((kinds & kind) != 0)
            {
                names.Add(kind == Kinds.Bool ? "truth value" : kind.ToString().ToLowerInvariant());
            }
        }

        if ((kinds & Kinds.Json) != 0)
        {
            names.Add("object or list");
        }

        return string.Join(", ", names);
    }
}
