using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Cli;

/// <summary>
/// <c>akkafeeds feed resume FEED</c>: a feed whose topic has lost records before they were read goes on without them,
/// once an operator has seen which.
/// </summary>
internal static class FeedCommand
{
    private static readonly string[] Later = ["freshness", "lag", "list", "owners", "pause", "phase", "show"];

    public static async Task<int> RunAsync(Invocation invocation, TextWriter output, TextWriter errors)
    {
        var (verb, feed) = (invocation.Arguments[0], invocation.Arguments[1]);
        if (verb != "resume")
        {
            throw Later.Contains(verb)
                ? UsageError.Of($"feed {verb}", "this release does not have it yet", "it has feed resume FEED")
                : UsageError.Of($"feed {ShownText.Quote(verb)}", "unknown verb", "write feed resume FEED");
        }

        var yes = invocation.Has("--yes");
        using var node = new AdminClient(invocation.Value("--admin"));
        var path = string.Create(
            CultureInfo.InvariantCulture, $"feeds/{Uri.EscapeDataString(feed)}/resume?yes={(yes ? "true" : "false")}");
        using var answer = await node.PostAsync(path, "lost").ConfigureAwait(false);
        var lost = answer.RootElement.GetProperty("lost").EnumerateArray().ToList();
        if (lost.Count > 0 && !yes)
        {
            throw new StartupException(
                $"feed {feed}", $"its topics have lost {Ranges(lost)} before they were read",
                $"restore the topic, or write akkafeeds feed resume {feed} --yes: "
                + "its views go on without them and say partial",
                StartupException.Refused);
        }

        await output.WriteAsync(invocation.Has("--json")
            ? answer.RootElement.GetRawText() + "\n"
            : lost.Count == 0
                ? $"feed {feed} is not held back by lost records\n"
                : $"feed {feed} goes on without {Ranges(lost)}, and says partial\n").ConfigureAwait(false);
        return 0;
    }

    private static string Ranges(List<JsonElement> lost)
    {
        var text = new StringBuilder();
        foreach (var range in lost)
        {
            var last = range.GetProperty("to").GetInt64() - 1;
            text.Append(text.Length > 0 ? ", " : "").Append(
                CultureInfo.InvariantCulture,
                $"{range.GetProperty("topic")}/{range.GetProperty("partition")}:{range.GetProperty("from")}..{last}");
        }

        return text.ToString();
    }
}
