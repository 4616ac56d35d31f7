using System.Text.Json;
using AkkaFeeds.Clients;

namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>The members of a client's frame, each of the type that it has to have.</summary>
internal readonly struct FrameMembers(JsonElement frame)
{
    /// <summary>The characters of a client's name of a collection.</summary>
    public const int IdLengthMax = 128;

    /// <summary>The fields that one subscription names.</summary>
    public const int FieldsMax = 256;

    /// <summary>The characters of an epoch.</summary>
    public const int EpochLengthMax = 256;

    /// <summary>The frames a second of <c>maxRate</c>.</summary>
    public const double RateMax = 1000;

    public static ProblemException Missing(string member) =>
        new(ProblemCodes.BadFrame, $"The member {member} is missing.");

    public bool Has(string member) => frame.TryGetProperty(member, out _);

    /// <summary>Refuses members that the op does not know: a misspelt one would be silently without effect.</summary>
    public void Only(params ReadOnlySpan<string> known)
    {
        foreach (var member in frame.EnumerateObject())
        {
            if (!IsOneOf(member, known))
            {
                throw new ProblemException(
                    ProblemCodes.BadFrame,
                    $"Unknown member {ShownText.Quote(member.Name)}; this op takes {string.Join(", ", known!)}.");
            }
        }
    }

    /// <summary>A member that is text.</summary>
    /// <param name="member">Its name.</param>
    /// <param name="likely">What it is likely to be, which then need not be made again.</param>
    public string? Text(string member, params ReadOnlySpan<string> likely)
    {
        if (!frame.TryGetProperty(member, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            throw Wrong(member, "a string");
        }

        foreach (var text in likely)
        {
            if (value.ValueEquals(text))
            {
                return text;
            }
        }

        return StringOf(member, value);
    }

    public bool? Flag(string member) => !frame.TryGetProperty(member, out var value) ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(member, "true or false");

    public long? Number(string member) => !frame.TryGetProperty(member, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number
        : throw Wrong(member, "a whole number");

    public IReadOnlyList<string>? Texts(string member)
    {
        if (!frame.TryGetProperty(member, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > FieldsMax
            || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            throw Wrong(member, $"a list of 1 to {FieldsMax} strings");
        }

        return [.. value.EnumerateArray().Select(item => StringOf(member, item))];
    }

    /// <summary>The client's name of a collection.</summary>
    public string? Id()
    {
        var id = Text("id");
        return id is null || id.Length <= IdLengthMax ? id : throw Wrong("id", $"at most {IdLengthMax} characters");
    }

    /// <summary>The least time between two frames, ms, from <c>maxRate</c>, frames a second.</summary>
    public long Pause()
    {
        if (!frame.TryGetProperty("maxRate", out var value))
        {
            return 0;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var rate)
            && rate is > 0 and <= RateMax
            ? (long)Math.Min(1000 / rate, TimeSpan.MillisecondsPerDay)
            : throw Wrong("maxRate", $"a number above 0 and up to {RateMax}, frames a second");
    }

    /// <summary>What the client says that it holds.</summary>
    public ResumeFrom? Resume()
    {
        if (!frame.TryGetProperty("resume", out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong("resume", "an object with epoch, version and pos");
        }

        var resume = new FrameMembers(value);
        resume.Only("epoch", "version", "pos");
        var epoch = resume.Text("epoch") ?? throw Missing("resume.epoch");
        var version = resume.Number("version") ?? throw Missing("resume.version");
        if (epoch.Length is 0 or > EpochLengthMax || version < 0)
        {
            throw Wrong("resume", "an epoch and a version as they were sent");
        }

        return new ResumeFrom(epoch, version, value.TryGetProperty("pos", out var pos) ? Positions(pos) : []);
    }

    /// <summary>A member as an error may show it again: what cannot be shown safely is left out.</summary>
    public string? Shown(string member)
    {
        try
        {
            return frame.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
                && value.GetString() is { Length: <= 1024 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsOneOf(JsonProperty member, ReadOnlySpan<string> known)
    {
        foreach (var name in known)
        {
            if (member.NameEquals(name))
            {
                return true;
            }
        }

        return false;
    }

    private static List<KeyValuePair<string, long>> Positions(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong("resume.pos", "an object of offsets by partition");
        }

        var positions = new List<KeyValuePair<string, long>>();
        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetInt64(out var offset))
            {
                throw Wrong("resume.pos", "an object of offsets by partition");
            }

            positions.Add(KeyValuePair.Create(member.Name, offset));
        }

        return positions;
    }

    private static string StringOf(string member, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong(member, "well-formed text");
        }
    }

    private static ProblemException Wrong(string member, string wanted) =>
        new(ProblemCodes.BadFrame, $"The member {member} has to be {wanted}.");
}
