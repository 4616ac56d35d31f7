using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Cli;

/// <summary>
/// Reads the words behind a verb. Options may stand before and behind arguments, as <c>--name value</c> or
/// <c>--name=value</c>; behind <c>--</c> everything is an argument. Own code instead of a library:
/// docs/adr/0004-command-line.md.
/// </summary>
internal static class CommandLine
{
    public static Invocation Parse(Verb verb, IReadOnlyList<string> words)
    {
        var arguments = new List<string>();
        var options = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        if (words.TakeWhile(word => word != "--").Any(word => word is "--help" or "-h"))
        {
            return new Invocation(verb, true, [], Frozen(options));
        }

        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index];
            if (word == "--")
            {
                arguments.AddRange(words.Skip(index + 1));
                break;
            }

            if (!word.StartsWith('-') || word == "-")
            {
                arguments.Add(word);
                continue;
            }

            index += Option(verb, words, index, options);
        }

        CheckArguments(verb, arguments);
        return new Invocation(verb, false, arguments, Frozen(options));
    }

    /// <summary>Reads one option and returns how many words its value took behind it.</summary>
    private static int Option(
        Verb verb, IReadOnlyList<string> words, int index, Dictionary<string, List<string>> options)
    {
        var word = words[index];
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? word : word[..equals];
        var option = verb.Options.FirstOrDefault(option => option.Name == name)
            ?? throw UsageError.Of(verb.Name, $"unknown option {ShownText.Quote(name)}", SuggestOption(verb, name));
        if (!option.Repeats && options.ContainsKey(name))
        {
            throw UsageError.Of(verb.Name, $"{name} stands twice", "give it once");
        }

        var (value, taken) = Value(verb, option, words, index, equals);
        if (!options.TryGetValue(name, out var values))
        {
            options[name] = values = [];
        }

        values.Add(value);
        return taken;
    }

    private static (string Value, int Taken) Value(
        Verb verb, VerbOption option, IReadOnlyList<string> words, int index, int equals)
    {
        if (option.Value is null)
        {
            return equals < 0
                ? ("", 0)
                : throw UsageError.Of(verb.Name, $"{option.Name} takes no value", $"write {option.Name} alone");
        }

        if (equals >= 0)
        {
            return (words[index][(equals + 1)..], 0);
        }

        return index + 1 < words.Count && !words[index + 1].StartsWith("--", StringComparison.Ordinal)
            ? (words[index + 1], 1)
            : throw UsageError.Of(verb.Name, $"{option.Name} has no value", $"write {option.Name} {option.Value}");
    }

    private static void CheckArguments(Verb verb, List<string> arguments)
    {
        if (arguments.Count < verb.ArgumentsMin)
        {
            throw UsageError.Of(verb.Name, $"{verb.Argument} is missing", $"write {verb.Usage}");
        }

        if (arguments.Count > verb.ArgumentsMax)
        {
            throw UsageError.Of(
                verb.Name, $"one argument too many, {ShownText.Quote(arguments[verb.ArgumentsMax])}",
                $"write {verb.Usage}");
        }

        if (arguments.Contains(""))
        {
            throw UsageError.Of(verb.Name, $"{verb.Argument} is empty", $"write {verb.Usage}");
        }
    }

    private static string SuggestOption(Verb verb, string name)
    {
        var names = verb.Options.Select(option => option.Name).Append("--help").ToList();
        return NearWord.Find(name, names) is { } near
            ? $"did you mean {near}?"
            : $"{verb.Name} takes {string.Join(", ", names)}";
    }

    private static Dictionary<string, IReadOnlyList<string>> Frozen(Dictionary<string, List<string>> options) =>
        options.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)pair.Value, StringComparer.Ordinal);
}
