namespace AkkaFeeds.Server.Cli;

/// <summary>An option of a verb.</summary>
/// <param name="Name">The name with its dashes.</param>
/// <param name="Value">What its value is called in help; null for a switch.</param>
/// <param name="Help">One line.</param>
/// <param name="Repeats">Whether it may stand more than once.</param>
internal sealed record VerbOption(string Name, string? Value, string Help, bool Repeats = false);

/// <summary>A verb of the command line: what it takes and how help shows it.</summary>
/// <param name="Name">The word.</param>
/// <param name="Argument">What its arguments are called; null for none.</param>
/// <param name="ArgumentsMin">The fewest.</param>
/// <param name="ArgumentsMax">The most.</param>
/// <param name="Summary">One line.</param>
/// <param name="Options">The options, <c>--help</c> left out: each verb has it.</param>
/// <param name="Example">A whole command.</param>
/// <param name="More">What its own help ends with; null for nothing more.</param>
internal sealed record Verb(
    string Name, string? Argument, int ArgumentsMin, int ArgumentsMax, string Summary,
    IReadOnlyList<VerbOption> Options,
    string Example, Func<string>? More = null)
{
    public string Usage
    {
        get
        {
            var dots = ArgumentsMax > Math.Max(1, ArgumentsMin) ? "..." : "";
            var argument = Argument is null ? "" : ArgumentsMin == 0 ? $" [{Argument}{dots}]" : $" {Argument}{dots}";
            return $"akkafeeds {Name}{argument}" + string.Concat(Options.Select(option =>
                $" [{option.Name}{(option.Value is null ? "" : " " + option.Value)}]{(option.Repeats ? "..." : "")}"));
        }
    }
}
