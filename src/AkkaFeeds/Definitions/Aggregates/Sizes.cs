using System.Text;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary>How many bytes a value adds to an encoded state beyond what is counted for any value.</summary>
internal static class Sizes
{
    /// <summary>What is counted for each cell and value, which holds its kind and a number of any length.</summary>
    public const int Cell = 11;

    public static int Of(in Value value) => value.Kind switch
    {
        ValueKind.String => Encoding.UTF8.GetByteCount(value.AsString),
        ValueKind.Json => value.AsJson.Utf8.Length,
        _ => 0,
    };
}
