using System.Text;

namespace AkkaFeeds.Server.Cli;

/// <summary>Help, made from the verbs.</summary>
internal static class HelpText
{
    public static string All()
    {
        var text = new StringBuilder();
        text.Append("akkafeeds keeps a read model for each key of your Kafka topics and serves it.\n\n");
        foreach (var verb in Verbs.All)
        {
            text.Append($"  {verb.Usage}\n      {verb.Summary}\n");
        }

        text.Append("\n  akkafeeds --version\n");
        text.Append("\nfeed asks a running node; the others need none. Each takes --help.\n");
        text.Append("Exit codes: 0 done; 1 failed, unready or unequal; 2 usage or bad input; ");
        text.Append("3 not reachable; 4 refused.\n");
        return text.ToString();
    }

    public static string One(Verb verb)
    {
        var text = new StringBuilder();
        text.Append($"akkafeeds {verb.Name} {verb.Summary}.\n\n  {verb.Usage}\n\n");
        var options = verb.Options.Append(new VerbOption("--help", null, "shows this")).ToList();
        var names = options.ConvertAll(option => option.Value is null ? option.Name : $"{option.Name} {option.Value}");
        var width = names.Max(name => name.Length);
        for (var index = 0; index < options.Count; index++)
        {
            text.Append($"  {names[index].PadRight(width)}  {options[index].Help}\n");
        }

        text.Append($"\nExample: {verb.Example}\n");
        if (verb.More is { } more)
        {
            text.Append('\n').Append(more());
        }

        return text.ToString();
    }
}
