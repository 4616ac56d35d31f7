using System.Globalization;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge;

/// <summary>The parameters of a query: only those that the request knows, each once unless it may repeat.</summary>
internal sealed class QueryParameters
{
    /// <summary>The parameters of one query.</summary>
    public const int ParametersMax = 1024;

    private readonly Dictionary<string, List<string>> values = new(StringComparer.Ordinal);

    private QueryParameters()
    {
    }

    /// <summary>Reads a raw query.</summary>
    /// <param name="query">The raw text behind <c>?</c>.</param>
    /// <param name="known">The names that the request takes.</param>
    /// <param name="repeated">The one that may stand more than once; null for none.</param>
    public static QueryParameters Parse(string query, IReadOnlyList<string> known, string? repeated = null)
    {
        var parameters = new QueryParameters();
        var parts = query.Length == 0 ? [] : query.Split('&', ParametersMax + 1);
        if (parts.Length > ParametersMax)
        {
            throw new ProblemException(ProblemCodes.Limit, $"A query has at most {ParametersMax} parameters.");
        }

        foreach (var part in parts.Where(part => part.Length > 0))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var rawName = equals < 0 ? part : part[..equals];
            var name = PercentText.Decode(rawName, plusIsSpace: true) ?? rawName;
            if (!known.Contains(name))
            {
                var takes =
                    known.Count == 0 ? "this request takes none" : $"this request takes {string.Join(", ", known)}";
                throw new ProblemException(ProblemCodes.BadFrame,
                    $"Unknown query parameter {ShownText.Quote(name)}; {takes}.");
            }

            parameters.Add(name, equals < 0 ? "" : part[(equals + 1)..], name == repeated);
        }

        return parameters;
    }

    public string? Text(string name) => values.TryGetValue(name, out var list) ? list[0] : null;

    public IReadOnlyList<string> All(string name) => values.TryGetValue(name, out var list) ? list : [];

    /// <summary>A whole number from 1 to <paramref name="max"/>.</summary>
    public int Count(string name, int standard, int max)
    {
        if (Text(name) is not { } text)
        {
            return standard;
        }

        var isWhole = text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
        if (!isWhole || text.All(digit => digit == '0'))
        {
            throw new ProblemException(
                ProblemCodes.BadFrame, $"{name} is {ShownText.Quote(text)}; give a whole number from 1 to {max}.");
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= max
            ? count
            : throw new ProblemException(
                ProblemCodes.Limit, $"{name} is {ShownText.Quote(text)}; it can be from 1 to {max}.");
    }

    /// <summary>
    /// A duration such as <c>500ms</c>, <c>20s</c> or <c>1m</c>; null where the parameter is absent.
    /// </summary>
    public TimeSpan? Duration(string name, TimeSpan max)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        var unitMilliseconds = text[digits..] switch { "ms" => 1, "s" => 1000, "m" => 60_000, _ => 0 };
        if (digits == 0 || unitMilliseconds == 0)
        {
            throw new ProblemException(
                ProblemCodes.BadFrame,
                $"{name} is {ShownText.Quote(text)}; give a duration such as 500ms, 20s or 1m.");
        }

        return long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= max.TotalMilliseconds / unitMilliseconds
            ? TimeSpan.FromMilliseconds(number * unitMilliseconds)
            : throw new ProblemException(
                ProblemCodes.Limit, $"{name} is {ShownText.Quote(text)}; it can be at most {(int)max.TotalSeconds}s.");
    }

    private void Add(string name, string rawValue, bool repeats)
    {
        var value = PercentText.Decode(rawValue, plusIsSpace: true) ?? throw new ProblemException(
            name is "key" or "prefix" or "after" ? ProblemCodes.BadKey : ProblemCodes.BadFrame,
            $"The query parameter {name} is not percent-encoded UTF-8; encode it, for instance by encodeURIComponent.");
        if (!values.TryGetValue(name, out var list))
        {
            values[name] = [value];
        }
        else if (repeats)
        {
            list.Add(value);
        }
        else
        {
            throw new ProblemException(ProblemCodes.BadFrame,
                $"The query parameter {name} stands twice; give it once.");
        }
    }
}
