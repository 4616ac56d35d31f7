namespace AkkaFeeds.Load;

/// <summary>Rows under a head, with columns of equal width: readable as it is and as Markdown.</summary>
internal sealed class MarkdownTable(params string[] head)
{
    private readonly List<string[]> rows = [];

    /// <summary>Adds a row of as many cells as the head has.</summary>
    public void Add(params string[] cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, head.Length);
        rows.Add(cells);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var widths = head.Select((name, column) => rows.Select(row => row[column].Length).Append(name.Length).Max())
            .ToArray();
        var lines = rows.Prepend([.. widths.Select(width => new string('-', width))]).Prepend(head);
        return string.Join('\n', lines.Select(
            line => $"| {string.Join(" | ", line.Select((cell, column) => cell.PadRight(widths[column])))} |"));
    }
}
