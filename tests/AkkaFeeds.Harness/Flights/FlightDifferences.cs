using System.Text.Json;

namespace AkkaFeeds.Harness;

/// <summary>
/// Compares views with what they have to be. Everything is exact, doubles too: bit by bit, not within a tolerance.
/// The members of a top have no order, as those of any JSON object; ties decide which of them are in it.
/// </summary>
public static class FlightDifferences
{
    private static readonly string[] Fields =
    [
        "departures", "delayed", "meanDelay", "worst", "best", "totalDistance", "destinations", "lastDate", "top5",
    ];

    /// <summary>The differences of a key's <c>data</c>, one text a field: key, field, expected, actual.</summary>
    public static IEnumerable<string> Of(FlightView expected, JsonElement data)
    {
        if (data.ValueKind != JsonValueKind.Object)
        {
            return [$"{expected.Key}: an object was expected, the view is {data.GetRawText()}"];
        }

        return OfObject(expected, data);
    }

    /// <summary>The same between two expected views; used to check one independent fold by another.</summary>
    public static IEnumerable<string> Of(FlightView expected, FlightView actual)
    {
        using var document = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["departures"] = actual.Departures,
            ["delayed"] = actual.Delayed,
            ["meanDelay"] = actual.MeanDelay,
            ["worst"] = actual.Worst,
            ["best"] = actual.Best,
            ["totalDistance"] = actual.TotalDistance,
            ["destinations"] = actual.Destinations,
            ["lastDate"] = actual.LastDate,
            ["top5"] = new Dictionary<string, long>(actual.Top),
        }));
        return [.. OfObject(expected, document.RootElement)];
    }

    private static IEnumerable<string> OfObject(FlightView expected, JsonElement data)
    {
        foreach (var field in Fields)
        {
            if (!data.TryGetProperty(field, out var actual))
            {
                yield return $"{expected.Key}.{field}: absent";
            }
            else if (!Equal(expected, field, actual))
            {
                yield return $"{expected.Key}.{field}: "
                    + $"expected {Expected(expected, field)}, actual {actual.GetRawText()}";
            }
        }

        foreach (var property in data.EnumerateObject())
        {
            if (Array.IndexOf(Fields, property.Name) < 0)
            {
                yield return $"{expected.Key}.{property.Name}: not a field of the view";
            }
        }
    }

    private static bool Equal(FlightView expected, string field, JsonElement actual) => field switch
    {
        "meanDelay" => actual.ValueKind == JsonValueKind.Number
            && BitConverter.DoubleToInt64Bits(actual.GetDouble()) == BitConverter.DoubleToInt64Bits(
                expected.MeanDelay),
        "lastDate" => actual.ValueKind == JsonValueKind.String && actual.GetString() == expected.LastDate,
        "top5" => actual.ValueKind == JsonValueKind.Object && actual.GetPropertyCount() == expected.Top.Count
            && expected.Top.All(item => actual.TryGetProperty(item.Key, out var count)
                && count.ValueKind == JsonValueKind.Number && count.TryGetInt64(out var number)
                    && number == item.Value),
        _ => actual.ValueKind == JsonValueKind.Number && actual.TryGetInt64(out var number)
            && number == (long)Expected(expected, field),
    };

    private static object Expected(FlightView view, string field) => field switch
    {
        "departures" => view.Departures,
        "delayed" => view.Delayed,
        "meanDelay" => view.MeanDelay,
        "worst" => view.Worst,
        "best" => view.Best,
        "totalDistance" => view.TotalDistance,
        "destinations" => view.Destinations,
        "lastDate" => view.LastDate,
        _ => string.Join(' ', view.Top.Select(pair => $"{pair.Key}={pair.Value}")),
    };
}
