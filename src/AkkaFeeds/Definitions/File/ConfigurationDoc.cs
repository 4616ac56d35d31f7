using System.Text;

namespace AkkaFeeds.Definitions.Files;

/// <summary>What <c>config doc</c>, <c>config default</c> and <c>config env</c> print: made from the table that reads
/// the
/// file, so that the documentation cannot say something else than the program does.</summary>
public static class ConfigurationDoc
{
    private const string FeedName = "flights";
    private const string NotifyName = "many-delays";

    /// <summary>The reference of all options as Markdown: the content of <c>docs/configuration.md</c>.</summary>
    /// <param name="fixedLimits">What is no option; empty where the caller serves nothing.</param>
    public static string Markdown(params IReadOnlyList<FixedLimit> fixedLimits)
    {
        var text = new StringBuilder();
        text.Append(Introduction.ReplaceLineEndings("\n"));
        AppendTable(text, "The file", "", RootTable.Options);
        AppendTable(text, "A feed", "feeds.NAME.", FeedTable.Options);
        var notify = FeedTable.Options.First(option => option.Path == "notify").Entries!;
        AppendTable(text, "A notification", "feeds.NAME.notify.NAME.", notify);
        AppendFixed(text, fixedLimits);
        return text.ToString();
    }

    /// <summary>A whole file with each option at its default, and those without one as comments.</summary>
    public static string DefaultYaml()
    {
        var text = new StringBuilder();
        text.Append("# Each option at its default. Only kafka.brokers and the feeds are required.\n");
        AppendYaml(text, RootTable.Options, "", 0);
        return text.ToString();
    }

    /// <summary>The variable of each option, with its default: one a line.</summary>
    public static string Environment()
    {
        var text = new StringBuilder();
        foreach (var (path, option) in Leaves("", RootTable.Options))
        {
            text.Append(Overrides.VariableOf(path)).Append('=').Append(option.Default).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Each option that is one value, by a path as in the default file.</summary>
    internal static IEnumerable<(string Path, Option Option)> Leaves(string prefix, IReadOnlyList<Option> options)
    {
        foreach (var option in options)
        {
            if (option.Entries is { } entries)
            {
                var name = option.Path == "notify" ? NotifyName : FeedName;
                foreach (var leaf in Leaves($"{prefix}{option.Path}.{name}.", entries))
                {
                    yield return leaf;
                }
            }
            else
            {
                yield return (prefix + option.Path + (option.HasFreeKeys ? $".{ExampleKey(option)}" : ""), option);
            }
        }
    }

    private static string Introduction => """
        # Configuration

        This page is made from the program's own table of options; a test keeps it so.

        One YAML file says what a process does. Relative paths in it start at its folder. A duration is a number with `ms`, `s`,
        `m`, `h` or `d`; a size is a number of bytes, or one with `KiB`, `MiB`, `GiB`, `KB`, `MB` or `GB`. Tags, anchors, aliases,
        merge keys and duplicate keys are refused, and so is an expression that YAML would misread: quote it.

        Each value can be overridden by a variable, `AKKAFEEDS__SECTION__NAME` (upper or lower case, `-` as `_`), and by
        `--set section.name=value`, which comes last. A list is then written with commas. A setting of librdkafka such as
        `sasl.password` is `AKKAFEEDS__KAFKA__PROPERTIES__SASL_PASSWORD`. Feeds and notifications can be changed so, not added.
        A variable that starts with `AKKAFEEDS__` and is no option is an error.

        All that is wrong is reported at once, a line each, and ends the process with exit code 2:
        `file:line:column: field: value: what is wrong; suggestion`. What comes from variables or the command line is named
        `environment` or `--set`, without line and column. Passwords and keys print as `***`.


        """;

    private static void AppendTable(StringBuilder text, string title, string prefix, IReadOnlyList<Option> options)
    {
        text.Append("## ").Append(title).Append("\n\n");
        text.Append(
            "| option | value | unit | default | range | meaning | at the limit |\n|---|---|---|---|---|---|---|\n");
        foreach (var option in options)
        {
            var standard = option.DefaultNote ?? (option.Default.Length > 0 ? $"`{option.Default}`"
                : option.IsRequired ? "required" : "none");
            var cells = new[]
            {
                $"`{prefix}{option.Path}`", option.TypeName, option.Unit, standard, option.Range, option.Doc,
                option.Effect,
            };
            text.Append("| ").AppendJoin(" | ", cells.Select(Cell)).Append(" |\n");
        }

        text.Append('\n');
    }

    private static void AppendFixed(StringBuilder text, IReadOnlyList<FixedLimit> limits)
    {
        if (limits.Count == 0)
        {
            return;
        }

        text.Append("## Fixed by the protocol\n\n");
        text.Append("No options: clients count on these, or an operator has nothing to win by another value.\n\n");
        text.Append("| what | limit | unit | at the limit |\n|---|---|---|---|\n");
        foreach (var limit in limits)
        {
            string[] cells = [limit.What, limit.Value, limit.Unit, limit.Effect];
            text.Append("| ").AppendJoin(" | ", cells.Select(Cell)).Append(" |\n");
        }

        text.Append('\n');
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string ExampleKey(Option option) => option.Example.Trim('{', '}', ' ').Split(':')[0];

    private static void AppendYaml(StringBuilder text, IReadOnlyList<Option> options, string section, int depth)
    {
        foreach (var name in SectionReader.Names(options, section))
        {
            var option = options.FirstOrDefault(each => each.Path == section + name);
            if (option is null)
            {
                AppendSection(text, options, section, name, depth);
            }
            else
            {
                AppendOption(text, option, name, depth);
            }
        }
    }

    // A section of which no value has a default is a comment as a whole: cluster and auth change what a process is.
    private static void AppendSection(
        StringBuilder text, IReadOnlyList<Option> options, string section, string name, int depth)
    {
        var body = new StringBuilder();
        AppendYaml(body, options, section + name + ".", depth + 1);
        var isComment = section.Length == 0 && name is "cluster" or "auth"
            || body.ToString().Split('\n').All(line => line.Length == 0 || line.TrimStart().StartsWith('#'));
        Line(text, depth, isComment, $"{name}:");
        foreach (var line in body.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var isOne = !isComment || line.TrimStart().StartsWith('#');
            text.Append(isOne ? line : $"# {line}").Append('\n');
        }
    }

    private static void AppendOption(StringBuilder text, Option option, string name, int depth)
    {
        Line(text, depth, isComment: true, $"{option.Doc} ({option.Effect})".ReplaceLineEndings(" "));
        if (option.Entries is { } entries)
        {
            var isComment = !option.IsRequired;
            Line(text, depth, isComment, $"{name}:");
            Line(text, depth + 1, isComment, $"{(isComment ? NotifyName : FeedName)}:");
            var body = new StringBuilder();
            AppendYaml(body, entries, "", depth + 2);
            foreach (var line in body.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                text.Append(isComment && !line.TrimStart().StartsWith('#') ? $"# {line}" : line).Append('\n');
            }
        }
        else if (option.HasFreeKeys && !option.Example.StartsWith('{'))
        {
            Line(text, depth, isComment: false, $"{name}:");
            Line(text, depth + 1, isComment: false, option.Example);
        }
        else
        {
            var isNeeded = option.IsRequired || option.Default.Length > 0 || option.Path is "from.topic";
            Line(text, depth, !isNeeded, $"{name}: {(option.Default.Length > 0 ? option.Default : option.Example)}");
        }
    }

    private static void Line(StringBuilder text, int depth, bool isComment, string line) =>
        text.Append(' ', depth * 2).Append(isComment ? "# " : "").Append(line).Append('\n');
}
