using AkkaFeeds.Definitions;
using AkkaFeeds.Definitions.Files;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Files;

/// <summary>
/// Each option of the table with a value that it cannot have, from the file, a variable and the command line: errors
/// that name the option and the way out, and no options at all. What is wrong with an expression is found when it is
/// compiled.
/// </summary>
public sealed class WrongValuesTests
{
    private const string Bell = "a\ab";

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var (path, option) in ConfigurationDoc.Leaves("", RootTable.Options))
        {
            foreach (var value in option is { TypeName: "an expression" } or { Path: "view" } ? [] : Wrong(option))
            {
                cases.Add(path, value);
            }
        }

        Assert.True(cases.Count > 100, $"only {cases.Count} cases");
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_wrong_value_is_refused_by_its_name_wherever_it_comes_from(string path, string value)
    {
        Check("--set", path, Read(Text(path, null), [], [(path, value)]));
        Check("environment", path, Read(Text(path, null), [(Overrides.VariableOf(path), value)], []));
        Check("a.yaml", path, Read(Text(path, value), [], []));
    }

    private static void Check(
        string origin, string path, (FeedsOptions? Options, IReadOnlyList<DefinitionError> Errors) read)
    {
        Assert.Null(read.Options);
        Assert.NotEmpty(read.Errors);
        Assert.All(read.Errors, error =>
        {
            Assert.Equal((origin, path), (error.File, error.Field));
            Assert.Equal(origin == "a.yaml", error.Line > 0);
            Assert.All([error.Value, error.Problem, error.Suggestion], text => Assert.NotEmpty(text.Trim()));
        });
    }

    private static IEnumerable<string> Wrong(Option option)
    {
        yield return Bell;
        if (option.TypeName is not ("a whole number" or "a duration" or "a size"))
        {
            yield break;
        }

        yield return "\u00a7";
        yield return "-1";
        yield return option.TypeName switch
        {
            "a duration" => "99999d",
            "a size" => "99999GiB",
            _ => "2147483648",
        };
    }

    private static (FeedsOptions? Options, IReadOnlyList<DefinitionError> Errors) Read(
        string text, (string Name, string Value)[] variables, (string, string)[] sets) =>
        FeedsFile.Parse(
            text, "a.yaml", "/folder", variables.ToDictionary(pair => pair.Name, pair => pair.Value), sets);

    // A whole file in which one value is another one.
    private static string Text(string path, string? value)
    {
        var values = new Dictionary<string, string>
        {
            ["kafka.brokers"] = "127.0.0.1:9092",
            ["feeds.flights.from.topic"] = "t",
            ["feeds.flights.view.departures"] = "count()",
            ["feeds.flights.notify.many-delays.when"] = "departures > 1",
            ["feeds.flights.notify.many-delays.every"] = "10m",
        };
        if (path.StartsWith("auth.", StringComparison.Ordinal))
        {
            values["auth.issuer"] = values["auth.audience"] = "a";
            values["auth.keys"] = "https://example.org/jwks.json";
        }

        if (value is not null)
        {
            values[path] = value;
        }

        return Section(values.Select(pair => (Words(pair.Key), pair.Value)), 0);
    }

    // Settings of librdkafka are the one kind of name with dots.
    private static string[] Words(string path) =>
        path.Split('.', path.StartsWith("kafka.properties.", StringComparison.Ordinal) ? 3 : int.MaxValue);

    private static string Section(IEnumerable<(string[] Words, string Value)> values, int depth) =>
        string.Concat(values.GroupBy(each => each.Words[depth]).Select(group =>
        {
            var name = new string(' ', 2 * depth) + group.Key + ":";
            return group.First() is { } first && first.Words.Length == depth + 1
                ? $"{name} \"{first.Value.Replace("\a", "\\a", StringComparison.Ordinal)}\"\n"
                : $"{name}\n{Section(group, depth + 1)}";
        }));
}
