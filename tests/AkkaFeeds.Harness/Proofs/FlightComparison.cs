using System.Text.Json;

namespace AkkaFeeds.Harness;

/// <summary>A server's flights feed beside what it has to show.</summary>
/// <param name="KeysExpected">How many keys there have to be.</param>
/// <param name="KeysEqual">How many of them are equal in every field.</param>
/// <param name="Differences">Each field that is not, and each key that should not be there.</param>
public sealed record FlightComparison(int KeysExpected, int KeysEqual, IReadOnlyList<string> Differences)
{
    /// <summary>Whether every key is there, alone, and equal.</summary>
    public bool IsEqual => KeysEqual == KeysExpected && Differences.Count == 0;

    /// <summary>Reads every key and compares.</summary>
    public static async Task<FlightComparison> ReadAsync(
        ServerClient client, IReadOnlyDictionary<string, FlightView> expected)
    {
        var differences = new List<string>();
        var equal = 0;
        foreach (var key in await client.KeysAsync(FlightsFeed.Name))
        {
            if (!expected.ContainsKey(key))
            {
                differences.Add($"{key}: not an origin");
            }
        }

        foreach (var view in expected.Values)
        {
            using var snapshot = await client.KeyAsync(FlightsFeed.Name, view.Key);
            var before = differences.Count;
            differences.AddRange(FlightDifferences.Of(view, snapshot.RootElement.GetProperty("data")));
            if (snapshot.RootElement.GetProperty("state").GetString() is var state and not "live")
            {
                differences.Add($"{view.Key}: state {state}");
            }

            equal += differences.Count == before ? 1 : 0;
        }

        return new(expected.Count, equal, differences);
    }

    /// <summary>The sum of all departures, and whether every key says that it is live.</summary>
    public static async Task<(long Departures, bool AllLive)> ProgressAsync(ServerClient client)
    {
        var departures = 0L;
        var live = true;
        var keys = await client.KeysAsync(FlightsFeed.Name);
        foreach (var key in keys)
        {
            using var snapshot = await client.KeyAsync(FlightsFeed.Name, key);
            var data = snapshot.RootElement.GetProperty("data");
            live &= snapshot.RootElement.GetProperty("state").GetString() == "live";
            departures += data.ValueKind == JsonValueKind.Object ? data.GetProperty("departures").GetInt64() : 0;
        }

        return (departures, live && keys.Count > 0);
    }
}
