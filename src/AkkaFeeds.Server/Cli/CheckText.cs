using System.Text;
using AkkaFeeds.Contracts;
using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Cli;

/// <summary><c>check</c> as text. Errors are not in it: they go to stderr.</summary>
internal static class CheckText
{
    public static string Write(CheckModel model)
    {
        var text = new StringBuilder();
        if (model.File.Options is null)
        {
            return "";
        }

        text.Append($"{ShownText.Escape(model.Path)}: no error\n");
        foreach (var feed in model.File.Feeds.OrderBy(feed => feed.Definition.Name, StringComparer.Ordinal))
        {
            var fields = string.Join(", ", feed.ViewFields.Select(field => $"{field.Name} {field.Type}"));
            text.Append($"  {feed.Definition.Name}: topics {string.Join(", ", feed.Definition.Topics)}; ");
            text.Append($"key {ShownText.Escape(feed.KeyExpression)}; {feed.Definition.Slots} slots; view {fields}\n");
        }

        foreach (var sample in model.Samples)
        {
            var counts = Enum.GetValues<Outcome>().Select(outcome =>
                $"{sample.Count(outcome)} {outcome.ToString().ToLowerInvariant()}");
            text.Append($"{sample.Feed}: {sample.Records} records of {sample.Topic}: {string.Join(", ", counts)}\n");
            foreach (var (position, problem) in sample.Problems)
            {
                text.Append($"  {position}: {ShownText.Escape(problem)}\n");
            }
        }

        foreach (var explanation in model.Explanations)
        {
            text.Append($"{explanation.Feed}: {explanation.Position}: {Word(explanation.Outcome.Outcome)}\n");
            explanation.Steps.ToList().ForEach(step => text.Append($"  {ShownText.Escape(step)}\n"));
        }

        return text.ToString();
    }

    private static string Word(Outcome outcome) => outcome.ToString().ToLowerInvariant();
}
