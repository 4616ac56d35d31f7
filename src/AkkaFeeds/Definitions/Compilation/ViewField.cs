using AkkaFeeds.Definitions.Aggregates;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Compilation;

/// <summary>A field of a view as <c>GET /v1/feeds</c> lists it.</summary>
/// <param name="Name">The name; <c>*</c> for the record's own fields.</param>
/// <param name="Type"><c>long double string bool time object any</c>.</param>
internal sealed record ViewFieldInfo(string Name, string Type);

/// <summary>A field of a view: one aggregate, or an expression over other fields and aggregates.</summary>
internal sealed class ViewField(string name, Aggregate? aggregate, Code? derived, IReadOnlyList<int> inputs)
{
    /// <summary>The name of the field that stands for the record's own.</summary>
    public const string Star = "*";

    public string Name { get; } = name;

    /// <summary>A comma, the name and a colon.</summary>
    public byte[] Prefix { get; } = JsonText.NameOf(name);

    /// <summary>The aggregate that it shows, or null.</summary>
    public Aggregate? Aggregate { get; } = aggregate;

    /// <summary>The expression over the inputs, or null.</summary>
    public Code? Derived { get; } = derived;

    /// <summary>The places that the expression reads: fields by their index, then hidden aggregates.</summary>
    public IReadOnlyList<int> Inputs { get; } = inputs;

    /// <summary>The kinds that its value can have.</summary>
    public Kinds Kinds => Aggregate?.Kinds ?? Derived!.Kinds;

    public bool IsStar => Name == Star;
}

/// <summary>An aggregate with the fields that show something of it.</summary>
internal sealed class PlacedAggregate(Aggregate aggregate, string field)
{
    public Aggregate Aggregate { get; } = aggregate;

    /// <summary>The field in whose expression it stands first, for messages.</summary>
    public string Field { get; } = field;

    /// <summary>The field that shows it itself, or -1.</summary>
    public int Direct { get; set; } = -1;

    /// <summary>All fields that depend on it.</summary>
    public FieldSet Dependents { get; set; }
}
