using System.Globalization;

namespace AkkaFeeds.Load;

/// <summary>Options of the form <c>--name value</c>; each program names those that it takes.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private Arguments()
    {
    }

    /// <summary>Reads options.</summary>
    /// <exception cref="UsageException">One is not known, or has no value.</exception>
    public static Arguments Parse(ReadOnlySpan<string> arguments, params ReadOnlySpan<string> known)
    {
        var parsed = new Arguments();
        for (var index = 0; index < arguments.Length; index += 2)
        {
            var name = arguments[index];
            if (!name.StartsWith("--", StringComparison.Ordinal) || !known.Contains(name[2..]))
            {
                throw new UsageException(
                    $"{name}: not an option of this program; it takes --{string.Join(" --", known)}");
            }

            parsed.values[name[2..]] = index + 1 < arguments.Length
                ? arguments[index + 1]
                : throw new UsageException($"{name}: a value is wanted");
        }

        return parsed;
    }

    /// <summary>A whole number that is at least <paramref name="least"/>.</summary>
    public int Number(string name, int otherwise, int least = 1)
    {
        if (!values.TryGetValue(name, out var text))
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new UsageException($"--{name}: {text}: a whole number of at least {least} is wanted");
    }

    /// <summary>A text.</summary>
    public string Text(string name, string otherwise) => values.GetValueOrDefault(name, otherwise);

    /// <summary>NAME=VALUE by comma, for the environment of a measured process: DOTNET_gcServer=1, say.</summary>
    public IReadOnlyDictionary<string, string> Variables(string name) =>
        Text(name, "").Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(
                pair => pair[0],
                pair => pair.Length == 2
                    ? pair[1]
                    : throw new UsageException($"--{name}: {pair[0]}: NAME=VALUE is wanted"));

    /// <summary>Words by comma, each one of those allowed.</summary>
    public string[] Words(string name, params string[] allowed)
    {
        if (!values.TryGetValue(name, out var text))
        {
            return allowed;
        }

        var words = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var word in words)
        {
            if (!allowed.Contains(word))
            {
                throw new UsageException($"--{name}: {word}: one of {string.Join(", ", allowed)} is wanted");
            }
        }

        return words;
    }
}
