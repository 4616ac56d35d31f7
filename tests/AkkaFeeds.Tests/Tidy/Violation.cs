namespace AkkaFeeds.Tests.Tidy;

/// <summary>One place that breaks a rule of STYLE.md.</summary>
internal sealed record Violation(string Rule, string Path, int Line, string What)
{
    public override string ToString() => $"{Path}:{Line}: {Rule}: {What}";
}
