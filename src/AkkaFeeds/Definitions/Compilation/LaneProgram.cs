using System.Globalization;
using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Definitions.Expressions;

namespace AkkaFeeds.Definitions.Compilation;

/// <summary>
/// What a feed's lane does with each decoded record: where, key, tenant, id and time, in that order (product.md,
/// section 5).
/// Lateness is the lane's own matter, because it depends on what came before. For one thread, like its decoder.
/// </summary>
internal sealed class LaneProgram
{
    private readonly KeyNameCache names = new();
    private readonly Test? where;
    private readonly Code key;
    private readonly Code? tenant;
    private readonly Code? id;
    private readonly Code? time;
    private readonly long? aheadMilliseconds;
    private readonly int[] rowColumns;

    /// <summary>Binds a feed to the decoder of one of its topics.</summary>
    public LaneProgram(CompiledFeed feed, TopicDecoder decoder)
    {
        Feed = feed;
        where = feed.Lane.Bind("where", decoder.IndexOf)?.ToTest();
        key = feed.Lane.Bind("key", decoder.IndexOf)!;
        tenant = feed.Lane.Bind("tenant", decoder.IndexOf);
        id = feed.Lane.Bind("id", decoder.IndexOf);
        time = feed.Lane.Bind("time", decoder.IndexOf);
        aheadMilliseconds = feed.Definition.Ahead is { } ahead ? (long)ahead.TotalMilliseconds : null;
        rowColumns = [.. feed.RowColumns.Select(decoder.IndexOf)];
    }

    public CompiledFeed Feed { get; }

    /// <summary>
    /// Says what a decoded record is for this feed. Everything but lateness is decided, in section 5's order.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Classified Classify(in RecordFacts record, ReadOnlySpan<Value> columns)
    {
        var isRetraction = !record.HasValue;
        if (isRetraction && id is null)
        {
            return Classified.Filtered;
        }

        var scope = new Scope(columns);
        if (!isRetraction && where is not null && !where(ref scope))
        {
            return scope.Failed ? Classified.Quarantined(scope.Reason!, $"where: {scope.Detail}")
                : Classified.Filtered;
        }

        // Each is computed only while none has failed: what an operator does with a failure is its own operands'
        // alone.
        var name = key.Evaluate(ref scope);
        var owner = tenant is null || scope.Failed ? default : tenant.Evaluate(ref scope);
        var identity = id is null || scope.Failed ? default : id.Evaluate(ref scope);
        if (scope.Failed)
        {
            return Classified.Quarantined(scope.Reason!, scope.Detail!);
        }

        if (BadName(name, owner, identity) is { } problem)
        {
            return Classified.Quarantined(Reasons.BadKey, problem);
        }

        if (!TryTime(record, isRetraction, ref scope, out var eventTime, out var refusal))
        {
            return refusal;
        }

        var keyName = names.Get(tenant is null ? "" : Functions.ToText(owner), Functions.ToText(name));
        return Classified.Row(keyName, eventTime, id is null ? null : Functions.ToText(identity), isRetraction);
    }

    /// <summary>Copies the fields that the view uses into a row of <see cref="CompiledFeed.Width"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyRow(ReadOnlySpan<Value> columns, Span<Value> row)
    {
        for (var index = 0; index < rowColumns.Length; index++)
        {
            row[index] = columns[rowColumns[index]];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private string? BadName(in Value name, in Value owner, in Value identity)
    {
        if (!IsName(name) || !IsPossible(name))
        {
            return Problem("key", key, name);
        }

        if (tenant is not null && (!IsName(owner) || (owner.Kind == ValueKind.String && !IsTenant(owner.AsString))))
        {
            return Problem("tenant", tenant, owner);
        }

        return id is not null && (!IsName(identity) || !IsPossible(identity)) ? Problem("id", id, identity) : null;
    }

    private static bool IsName(in Value value) => value.IsLong || value.Kind == ValueKind.String;

    private static bool IsPossible(in Value value) => value.IsLong || KeyName.IsPossible(value.AsString);

    private static bool IsTenant(string text) => text.Length == 0 || KeyName.IsPossible(text);

    private static string Problem(string what, Code code, in Value value) => value.Kind == ValueKind.String
        ? $"{what}: {code.Text} is not 1 to {KeyName.BytesMax} bytes of Unicode without NUL"
        : $"{what}: {code.Text} is {value.Kind.ToText()}; a string or a whole number is wanted";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryTime(
        in RecordFacts record, bool isRetraction, ref Scope scope, out long eventTime, out Classified refusal)
    {
        refusal = default;
        eventTime = record.Timestamp;
        if (time is null || isRetraction)
        {
            return true;
        }

        var value = time.Evaluate(ref scope);
        if (scope.Failed || !Functions.TryToTime(value, out eventTime))
        {
            var problem = scope.Failed ? scope.Detail! : $"{time.Text} is {Shown(value)}";
            refusal = Classified.Quarantined(Reasons.Time, $"time: {problem}; RFC 3339 or Unix ms is wanted");
            return false;
        }

        if (aheadMilliseconds is { } ahead && eventTime - record.Timestamp > ahead)
        {
            refusal = Classified.Quarantined(
                Reasons.Future,
                string.Create(CultureInfo.InvariantCulture,
                    $"time: {Times.Format(eventTime)} is {eventTime - record.Timestamp} ms after the Kafka timestamp"));
            return false;
        }

        return true;
    }

    private static string Shown(in Value value)
    {
        if (value.Kind != ValueKind.String)
        {
            return value.Kind.ToText();
        }

        var text = value.AsString;
        return text.Length <= 60 ? $"'{text}'" : $"'{text[..57]}...'";
    }
}
