using System.Runtime.CompilerServices;

namespace AkkaFeeds.Contracts;

/// <summary>What a <see cref="Value"/> holds.</summary>
public enum ValueKind : byte
{
    /// <summary>No such field; the result of an operator on something absent.</summary>
    Absent,

    /// <summary>JSON's null.</summary>
    Null,

    /// <summary>A truth value.</summary>
    Bool,

    /// <summary>A whole number of 64 bits, exact.</summary>
    Long,

    /// <summary>Any other number.</summary>
    Double,

    /// <summary>Text.</summary>
    String,

    /// <summary>An instant, in Unix milliseconds.</summary>
    Time,

    /// <summary>A span of time, in milliseconds.</summary>
    Duration,

    /// <summary>A JSON object or array, kept as its UTF-8 text (<see cref="JsonValue"/>).</summary>
    Json,
}

/// <summary>
/// One field of a record, in 16 bytes and without boxing: a number, an instant or a truth value is in <c>bits</c>, and
/// <c>reference</c> says of which kind; text and JSON are the reference itself. <c>default</c> is absent.
/// </summary>
public readonly struct Value : IEquatable<Value>
{
    private readonly object? reference;
    private readonly long bits;

    private Value(object? reference, long bits)
    {
        this.reference = reference;
        this.bits = bits;
    }

    /// <summary>No value.</summary>
    public static Value Absent => default;

    /// <summary>JSON's null.</summary>
    public static Value Null => new(Tag.Null, 0);

    /// <summary>The kind of what is held.</summary>
    public ValueKind Kind => reference switch
    {
        null => ValueKind.Absent,
        Tag tag => tag.Kind,
        string => ValueKind.String,
        _ => ValueKind.Json,
    };

    /// <summary>Whether there is something to compute with: neither absent nor null.</summary>
    public bool HasValue => reference is not null && !ReferenceEquals(reference, Tag.Null);

    /// <summary>Whether a whole number is held.</summary>
    public bool IsLong => ReferenceEquals(reference, Tag.Long);

    /// <summary>Whether a double is held.</summary>
    public bool IsDouble => ReferenceEquals(reference, Tag.Double);

    /// <summary>The bits of a whole number, an instant (Unix ms), a duration (ms) or a truth value (0 or 1).</summary>
    public long AsLong => bits;

    /// <summary>The double; only where <see cref="IsDouble"/>.</summary>
    public double AsDouble => BitConverter.Int64BitsToDouble(bits);

    /// <summary>The truth value; only where the kind is <see cref="ValueKind.Bool"/>.</summary>
    public bool AsBool => bits != 0;

    /// <summary>The text; only where the kind is <see cref="ValueKind.String"/>.</summary>
    public string AsString => Unsafe.As<string>(reference!);

    /// <summary>The JSON; only where the kind is <see cref="ValueKind.Json"/>.</summary>
    public JsonValue AsJson => Unsafe.As<JsonValue>(reference!);

    /// <summary>A truth value.</summary>
    public static Value Of(bool value) => new(Tag.Bool, value ? 1 : 0);

    /// <summary>A whole number.</summary>
    public static Value Of(long value) => new(Tag.Long, value);

    /// <summary>A double; NaN and infinities are absent.</summary>
    public static Value Of(double value) =>
        double.IsFinite(value) ? new(Tag.Double, BitConverter.DoubleToInt64Bits(value)) : default;

    /// <summary>Text.</summary>
    public static Value Of(string value) => new(value, 0);

    /// <summary>A JSON object or array.</summary>
    public static Value Of(JsonValue value) => new(value, 0);

    /// <summary>An instant in Unix milliseconds.</summary>
    public static Value Time(long unixMilliseconds) => new(Tag.Time, unixMilliseconds);

    /// <summary>A duration in milliseconds.</summary>
    public static Value Duration(long milliseconds) => new(Tag.Duration, milliseconds);

    /// <summary>Same kind and same content; not the equality of expressions, which mixes numbers.</summary>
    public bool Equals(Value other) =>
        bits == other.bits && (ReferenceEquals(reference, other.reference) || Equals(reference, other.reference));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(reference, bits);

    /// <summary>Same kind and same content.</summary>
    public static bool operator ==(Value left, Value right) => left.Equals(right);

    /// <summary>Another kind or another content.</summary>
    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    private sealed class Tag(ValueKind kind)
    {
        public static readonly Tag Null = new(ValueKind.Null);
        public static readonly Tag Bool = new(ValueKind.Bool);
        public static readonly Tag Long = new(ValueKind.Long);
        public static readonly Tag Double = new(ValueKind.Double);
        public static readonly Tag Time = new(ValueKind.Time);
        public static readonly Tag Duration = new(ValueKind.Duration);

        public ValueKind Kind { get; } = kind;
    }
}
