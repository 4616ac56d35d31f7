using System.Text.Json;

namespace AkkaFeeds.Harness;

/// <summary>A subscribe or unsubscribe that waits for its answer.</summary>
internal sealed record FrameRequest
{
    public bool IsSubscribe { get; private init; }

    /// <summary>Null for all fields.</summary>
    public string[]? Fields { get; private init; }

    public string? ResumeEpoch { get; private init; }

    public long ResumeVersion { get; private init; }

    /// <summary>Null where none was given back.</summary>
    public Dictionary<string, long>? ResumePositions { get; private init; }

    public double? MaxRate { get; private init; }

    public string Prefix { get; private init; } = "";

    public string? Sort { get; private init; }

    public int Limit { get; private init; }

    public string FieldsText => Fields is null ? "*" : string.Join(',', Fields.Order(StringComparer.Ordinal));

    /// <summary>
    /// Takes the next unsubscribe that waits, with the subscribes before it, which nothing answers any more; false
    /// where none waits.
    /// </summary>
    public static bool TakeUnsubscribe(Queue<FrameRequest> requests)
    {
        while (requests.TryDequeue(out var request))
        {
            if (!request.IsSubscribe)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a frame that a client sends.</summary>
    public static FrameRequest Of(JsonElement frame)
    {
        var resume = frame.TryGetProperty("resume", out var given) ? given : (JsonElement?)null;
        return new()
        {
            IsSubscribe = frame.GetProperty("op").GetString() == "subscribe",
            Fields = frame.TryGetProperty("fields", out var fields)
                ? [.. fields.EnumerateArray().Select(field => field.GetString()!)] : null,
            ResumeEpoch = resume?.GetProperty("epoch").GetString(),
            ResumeVersion = resume?.GetProperty("version").GetInt64() ?? 0,
            ResumePositions = resume is { } with && with.TryGetProperty("pos", out var pos) ? Positions(pos) : null,
            MaxRate = frame.TryGetProperty("maxRate", out var rate) ? rate.GetDouble() : null,
            Prefix = frame.TryGetProperty("prefix", out var prefix) ? prefix.GetString()! : "",
            Sort = frame.TryGetProperty("sort", out var sort) ? sort.GetString() : null,
            Limit = frame.TryGetProperty("limit", out var limit) ? limit.GetInt32() : 100,
        };
    }

    public static Dictionary<string, long> Positions(JsonElement pos) =>
        pos.EnumerateObject().ToDictionary(each => each.Name, each => each.Value.GetInt64());
}
