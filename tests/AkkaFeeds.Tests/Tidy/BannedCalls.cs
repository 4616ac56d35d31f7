using System.Text.RegularExpressions;

namespace AkkaFeeds.Tests.Tidy;

/// <summary>Calls and words that the style forbids, each with what to do instead.</summary>
internal static class BannedCalls
{
    private static readonly Ban[] InCode =
    [
        new("clock", @"\bDateTime(Offset)?\.(UtcNow|Now)\b|\bDateTime\.Today\b",
            "take the time from a TimeProvider or the scheduler", InSources),
        new("sleep", @"\bTask\.Delay\b|\bThread\.Sleep\b|\bSpinWait\.SpinUntil\b", "wait for a condition",
            InSourcesAndTests),
        new("blocking", @"\.Result\b(?!\s*[(<=])|\.Wait\(|\.GetAwaiter\(\)\.GetResult\(\)", "await, or pipe to self",
            InSources),
        new("timer", @"\bnew\s+(System\.(Threading|Timers)\.)?Timer\(|\bPeriodicTimer\b",
            "use IWithTimers or TimeProvider.CreateTimer", InSourcesAndTests),
        new("console", @"\bConsole\.(Write|WriteLine|Out|Error)\b", "log, or leave it to the command line",
            OffTheCommandLine),
        new("async-handler", @"\b(ReceiveAsync|ReceiveAnyAsync|CommandAsync|CommandAnyAsync|RunTask)\b",
            "start the task, and pipe its end to self", InSources),
        new("unordered", @"\bSelectAsyncUnordered\b", "SelectAsync keeps the order", InSources),
        new("async-void", @"\basync\s+void\b", "return a Task", Anywhere),
        new("region", @"^\s*#\s*region\b", "divide the file", Anywhere),
    ];

    private static readonly Ban[] InText =
    [
        new("unfinished", @"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|NotImplemented" + @"Exception)\b",
            "finish it, or open an issue", Anywhere),
    ];

    private static readonly Regex MachinePath = new(@"/(work|farm|root|home)/[a-z]", RegexOptions.Compiled);

    public static IEnumerable<Violation> Check(SourceFile file) =>
        InCode.SelectMany(ban => ban.Find(file, file.CodeLines))
            .Concat(InText.SelectMany(ban => ban.Find(file, file.Lines)));

    /// <summary>No text of the repository names a folder of the machine that it was written on.</summary>
    public static IEnumerable<Violation> MachinePaths(string path, string text) =>
        text.Split('\n').Select((line, index) => (line, index)).Where(each => MachinePath.IsMatch(each.line))
            .Select(each => new Violation("machine-path", path, each.index + 1, each.line.Trim()));

    private static bool Anywhere(SourceFile file) => true;

    private static bool InSources(SourceFile file) => file.IsUnder("src");

    private static bool InSourcesAndTests(SourceFile file) => file.IsUnder("src") || file.IsUnder("tests");

    private static bool OffTheCommandLine(SourceFile file) =>
        InSources(file) && !file.IsUnder("src/AkkaFeeds.Server/Cli") && file.Path != "src/AkkaFeeds.Server/Program.cs";

    private sealed class Ban(string rule, string pattern, string instead, Predicate<SourceFile> applies)
    {
        private readonly Regex regex = new(pattern, RegexOptions.Compiled);

        public IEnumerable<Violation> Find(SourceFile file, string[] lines)
        {
            for (var index = 0; applies(file) && index < lines.Length; index++)
            {
                if (regex.Match(lines[index]) is { Success: true } match)
                {
                    yield return new(rule, file.Path, index + 1, $"{match.Value.Trim()}: {instead}");
                }
            }
        }
    }
}
