using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Definitions.Expressions;

namespace AkkaFeeds.Definitions.Compilation;

/// <summary>
/// A feed whose expressions have been checked and compiled. Immutable, shared by lanes, slots and edges.
/// </summary>
internal sealed class CompiledFeed
{
    private CompiledFeed(
        FeedDefinition definition, ViewProgram view, IReadOnlyList<ColumnRef> laneColumns,
        IReadOnlyList<ColumnRef> rowColumns,
        LaneSyntax lane, string hash)
    {
        Definition = definition;
        View = view;
        LaneColumns = laneColumns;
        RowColumns = rowColumns;
        Lane = lane;
        Hash = hash;
        ViewFields = [.. view.Fields.Select(field => new ViewFieldInfo(field.Name, field.Kinds.ToTypeName()))];
    }

    public FeedDefinition Definition { get; }

    /// <summary>
    /// Short hex of all that changes what the folded state means; what serves or describes the feed is not in it.
    /// </summary>
    public string Hash { get; }

    /// <summary>The view's fields with their types, for <c>GET /v1/feeds</c>.</summary>
    public IReadOnlyList<ViewFieldInfo> ViewFields { get; }

    /// <summary>The key's expression as text.</summary>
    public string KeyExpression => Definition.Key?.Text ?? "$key";

    /// <summary>What the slot does.</summary>
    public ViewProgram View { get; }

    /// <summary>How many fields a row carries.</summary>
    public int Width => RowColumns.Count;

    /// <summary>The columns that the lane's own expressions use.</summary>
    internal IReadOnlyList<ColumnRef> LaneColumns { get; }

    /// <summary>The columns that a row carries, in order.</summary>
    internal IReadOnlyList<ColumnRef> RowColumns { get; }

    /// <summary>The lane's expressions.</summary>
    internal LaneSyntax Lane { get; }

    /// <summary>
    /// Checks and compiles; adds every error found, with its place in the file, and returns null where there is one.
    /// </summary>
    /// <param name="definition">The feed, whose settings are already checked.</param>
    /// <param name="file">The file's name, for errors.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="errors">Takes the errors.</param>
    public static CompiledFeed? Compile(
        FeedDefinition definition, string file, CompileLimits limits, ICollection<DefinitionError> errors)
    {
        var before = errors.Count;
        void Report(SourceText text, int offset, string problem, string suggestion) =>
            errors.Add(ErrorAt(file, text, offset, problem, suggestion));

        var laneColumns = new List<ColumnRef>();
        var rowColumns = new List<ColumnRef>();
        var lane = LaneSyntax.Parse(definition, laneColumns, Report);
        var view = new ViewCompiler(definition, limits, rowColumns, Report).Compile();
        CheckNotifications(definition, view, Report);
        if (definition.View.Count == 0)
        {
            errors.Add(new DefinitionError(
                file, 0, 0, $"feeds.{definition.Name}.view", "", "a view has at least one field",
                "add one: total: count()"));
        }

        // What would be left out without a word is refused: the counts of a key's late and corrected records come
        // with id.
        if (definition.Show.Count > 0)
        {
            errors.Add(new DefinitionError(
                file, 0, 0, $"feeds.{definition.Name}.show", string.Join(", ", definition.Show),
                "show is not available in this release", "remove it; the ledgers count late records"));
        }

        return errors.Count > before || view is null
            ? null
            : new CompiledFeed(definition, view, laneColumns, rowColumns, lane, DefinitionHash.Of(definition, limits));
    }

    // Conditions of notifications are checked now and compiled where they are used.
    private static void CheckNotifications(
        FeedDefinition definition, ViewProgram? view, Action<SourceText, int, string, string> report)
    {
        foreach (var notification in definition.Notify)
        {
            var text = notification.When;
            if (!Parser.TryParse(text.Text, out _, out var error))
            {
                report(text, error!.Offset, error.Message, error.Suggestion);
            }
            else
            {
                view?.CompileCondition(
                    text, (offset, problem, suggestion) => report(text, offset, problem, suggestion));
            }
        }
    }

    private static DefinitionError ErrorAt(string file, SourceText text, int offset, string problem, string suggestion)
    {
        // In a text of several lines YAML has folded or indented them; the place of the whole text is then the honest
        // one.
        var isOneLine = !text.Text.AsSpan(0, Math.Min(offset, text.Text.Length)).Contains('\n');
        var value = text.Text.Length <= 80 ? text.Text : text.Text[..77] + "...";

        // What the environment or --set gave has no line, and the file must not be blamed for it.
        var column = text.Line > 0 && isOneLine ? text.Column + offset : text.Column;
        var origin = text.Origin.Length > 0 ? text.Origin : file;
        return new DefinitionError(origin, text.Line, column, text.Field, value, problem, suggestion);
    }
}
