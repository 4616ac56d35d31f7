using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AkkaFeeds.Definitions.Expressions;

namespace AkkaFeeds.Definitions.Compilation;

/// <summary>A fingerprint of what a feed's folded state means.</summary>
internal static class DefinitionHash
{
    /// <summary>Sixteen hexadecimal digits.</summary>
    public static string Of(FeedDefinition feed, CompileLimits limits)
    {
        var text = new StringBuilder();
        void Add(string name, string? value) => text.Append(name).Append('=').Append(value?.Length ?? -1).Append(':')
            .Append(value).Append('\n');

        Add("form", ViewProgram.FormatVersion.ToString(CultureInfo.InvariantCulture));
        Add("feed", feed.Name);
        foreach (var topic in feed.Topics)
        {
            Add("topic", topic);
        }

        Add("format", feed.Format);
        foreach (var column in feed.Columns ?? [])
        {
            Add("column", column);
        }

        Add("key", feed.Key?.Text);
        Add("tenant", feed.Tenant?.Text);
        Add("time", feed.Time?.Text);
        Add("where", feed.Where?.Text);
        Add("id", feed.Id?.Text);
        Add("late", feed.Late?.Ticks.ToString(CultureInfo.InvariantCulture));
        Add("ahead", feed.Ahead?.Ticks.ToString(CultureInfo.InvariantCulture));
        Add("windows", feed.WallWindows ? "wall" : "event");
        Add("slots", feed.Slots.ToString(CultureInfo.InvariantCulture));
        foreach (var show in feed.Show.Order(StringComparer.Ordinal))
        {
            Add("show", show);
        }

        foreach (var (name, expression) in feed.View)
        {
            Add("view." + name, expression.Text);
        }

        if (UsesPatterns(feed))
        {
            // Without this line stand the states that were made while patterns meant what they mean to .NET.
            Add("patterns", "RE2");
        }

        Add("limits",
            string.Create(CultureInfo.InvariantCulture, $"{limits.TopItems},{limits.KeyBytes},{limits.IdsKeep}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }

    private static bool UsesPatterns(FeedDefinition feed)
    {
        IEnumerable<SourceText?> texts =
            [feed.Key, feed.Tenant, feed.Time, feed.Where, feed.Id, .. feed.View.Select(field => field.Value)];
        return texts.Any(text => text is not null && Parser.TryParse(text.Text, out var syntax, out _)
            && CallSearch.Calls(syntax!, "matches"));
    }
}
