using System.Text.Json;

namespace AkkaFeeds.Harness;

/// <summary>
/// expected-by-origin.jsonl: the views of all 3,000,000 flights, computed by a program that is not of this project.
/// </summary>
public static class ExpectedFlights
{
    /// <summary>The views by origin.</summary>
    public static IReadOnlyDictionary<string, FlightView> Read()
    {
        var folder = FlightsFile.Folder ?? throw new InvalidOperationException("AKKAFEEDS_TEST_DATA is not set");
        var views = new Dictionary<string, FlightView>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Path.Combine(folder, "expected-by-origin.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var view = Parse(document.RootElement);
            views.Add(view.Key, view);
        }

        return views;
    }

    private static FlightView Parse(JsonElement row) => new(
        row.GetProperty("key").GetString()!,
        row.GetProperty("departures").GetInt64(),
        row.GetProperty("delayed").GetInt64(),
        row.GetProperty("meanDelay").GetDouble(),
        row.GetProperty("worst").GetInt64(),
        row.GetProperty("best").GetInt64(),
        row.GetProperty("totalDistance").GetInt64(),
        row.GetProperty("destinations").GetInt64(),
        row.GetProperty("lastDate").GetString()!,
        [.. row.GetProperty("top5").EnumerateArray().Select(
            pair => KeyValuePair.Create(pair[0].GetString()!, pair[1].GetInt64()))]);
}
