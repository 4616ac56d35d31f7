using System.Text.Json;

namespace AkkaFeeds.Harness;

/// <summary>A state and what has to explain it.</summary>
internal static class StateRules
{
    private static readonly string[] OfRebuilding = ["recovering", "replaying"];

    /// <summary>What is wrong with the state of a snapshot or a state frame; null where nothing is.</summary>
    public static string? Find(JsonElement frame, long unixMs, FrameRules rules)
    {
        var state = frame.GetProperty("state").GetString()!;
        var reason = frame.TryGetProperty("reason", out var named) ? named.GetString() : null;
        var isPlain = state is "live" or "blank";
        if (isPlain)
        {
            return new[] { "reason", "since", "progress", "missing" }
                .FirstOrDefault(name => frame.TryGetProperty(name, out _)) is { } extra
                ? $"{extra} beside {state}" : null;
        }

        if (reason is null || !frame.TryGetProperty("since", out var since))
        {
            return $"{state} without reason or since";
        }

        if (OfRebuilding.Contains(reason) != (state == "rebuilding"))
        {
            return $"{state} because of {reason}";
        }

        if (frame.TryGetProperty("progress", out _) != (state == "rebuilding"))
        {
            return $"{state} {(state == "rebuilding" ? "without" : "with")} progress";
        }

        return since.GetInt64() > unixMs + rules.Slack.TotalMilliseconds ? $"since {since} is yet to come" : null;
    }
}
