using System.Reflection;
using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Cli;

/// <summary>The command line as a whole: finds the verb, runs it, turns what goes wrong into one line and an exit
/// code.</summary>
internal sealed class App(TextWriter output, TextWriter errors, IReadOnlyDictionary<string, App.VerbRun> runs)
{
    /// <summary>Runs a verb that was understood and returns the exit code.</summary>
    public delegate Task<int> VerbRun(Invocation invocation, TextWriter output, TextWriter errors);

    public async Task<int> RunAsync(IReadOnlyList<string> words)
    {
        try
        {
            return await DispatchAsync(words).ConfigureAwait(false);
        }
        catch (StartupException exception)
        {
            await errors.WriteLineAsync(ErrorLine(exception)).ConfigureAwait(false);
            return exception.ExitCode;
        }
        catch (Exception exception) when (Cause(exception) is { } cause)
        {
            await errors.WriteLineAsync(ErrorLine(cause)).ConfigureAwait(false);
            return cause.ExitCode;
        }
        catch (Exception exception)
        {
            // The edge of the process: a bug ends it with one line, too; the type says where to look.
            var bug = new StartupException(
                "internal error", $"{exception.GetType().Name}: {exception.Message}",
                "report it with this line and the log");
            await errors.WriteLineAsync(ErrorLine(bug)).ConfigureAwait(false);
            return StartupException.Failed;
        }
    }

    /// <summary>The one form of all errors; line breaks in what the user typed cannot make it two lines.</summary>
    public static string ErrorLine(StartupException exception) => ShownText.Escape($"akkafeeds: {exception.Message}");

    /// <summary>What an actor system or a host has wrapped, or null.</summary>
    private static StartupException? Cause(Exception exception) => exception switch
    {
        StartupException cause => cause,
        AggregateException several => several.InnerExceptions.Select(Cause).FirstOrDefault(cause => cause is not null),
        { InnerException: { } inner } => Cause(inner),
        _ => null,
    };

    private async Task<int> DispatchAsync(IReadOnlyList<string> words)
    {
        switch (words.Count == 0 ? "help" : words[0])
        {
            case "--help" or "-h":
                await output.WriteAsync(HelpText.All()).ConfigureAwait(false);
                return 0;
            case "--version":
                var version = typeof(App).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
                var shown = $"akkafeeds {version?.InformationalVersion.Split('+')[0]}";
                await output.WriteLineAsync(shown).ConfigureAwait(false);
                return 0;
        }

        var verb = words.Count == 0 ? Find("help") : Find(words[0]);
        var invocation = CommandLine.Parse(verb, [.. words.Skip(1)]);
        if (invocation.WantsHelp || verb.Name == "help")
        {
            var subject = invocation.WantsHelp ? verb.Name : invocation.Arguments is [var named] ? named : null;
            await output.WriteAsync(subject is null or "help" ? HelpText.All() : HelpText.One(Find(subject)))
                .ConfigureAwait(false);
            return 0;
        }

        return runs.TryGetValue(verb.Name, out var run)
            ? await run(invocation, output, errors).ConfigureAwait(false)
            : throw UsageError.Of(verb.Name, "this build holds no engine", "take a build that does");
    }

    private static Verb Find(string word)
    {
        if (Verbs.All.FirstOrDefault(verb => verb.Name == word) is { } verb)
        {
            return verb;
        }

        if (word.StartsWith('-'))
        {
            throw UsageError.Of(ShownText.Quote(word), "the verb comes first", "akkafeeds help lists the verbs");
        }

        if (Verbs.Later.Contains(word))
        {
            throw UsageError.Of(word, "this release does not have it yet", "akkafeeds help lists what it has");
        }

        var near = NearWord.Find(word, Verbs.All.Select(verb => verb.Name));
        throw UsageError.Of(
            ShownText.Quote(word), "unknown verb",
            near is null ? "akkafeeds help lists the verbs" : $"did you mean {near}?");
    }
}
