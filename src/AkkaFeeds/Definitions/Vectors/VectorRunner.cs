using System.Globalization;
using System.Text.Json;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Compilation;

namespace AkkaFeeds.Definitions.Vectors;

/// <summary>
/// Runs vectors:
/// <c>{"vectors":[{"name","feed","records":[{"topic","partition","offset","timestamp","key","value","headers"}],
/// "views":{KEY:{...}},"outcomes":{"applied":n,...}}]}</c>. A key of a tenant is written <c>tenant/key</c>; a view of
/// null says that there is
/// no such key. <c>reasons</c> counts the quarantined by reason, and <c>errors</c> lists parts of the errors that the
/// feed must have.
/// </summary>
public static class VectorRunner
{
    private static readonly string[] Known =
        ["name", "feed", "records", "views", "outcomes", "reasons", "errors", "limits"];

    /// <summary>Runs all vectors of a text.</summary>
    /// <param name="json">The text.</param>
    /// <returns>One result a vector, in order.</returns>
    /// <exception cref="FormatException">The text is not of the form; the message says where.</exception>
    public static IReadOnlyList<VectorResult> Run(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("vectors", out var vectors)
                    || vectors.ValueKind != JsonValueKind.Array)
            {
                throw new FormatException("an object with \"vectors\", a list, is wanted");
            }

            if (vectors.GetArrayLength() == 0)
            {
                throw new FormatException("it holds no vector, and would prove nothing");
            }

            return [.. vectors.EnumerateArray().Select((vector, index) => RunOne(vector, index))];
        }
        catch (JsonException exception)
        {
            throw new FormatException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}"),
                exception);
        }
    }

    private static VectorResult RunOne(JsonElement vector, int index)
    {
        var name = vector.ValueKind == JsonValueKind.Object && vector.TryGetProperty("name", out var given)
            && given.ValueKind == JsonValueKind.String
            ? given.GetString()!
            : string.Create(CultureInfo.InvariantCulture, $"vector {index + 1}");
        var failures = new List<string>();
        try
        {
            Check(vector, failures);
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException)
        {
            // A member of another type than the form says: JsonElement calls that an invalid operation.
            failures.Add(exception.Message);
        }

        return new VectorResult(name, failures);
    }

    private static void Check(JsonElement vector, List<string> failures)
    {
        foreach (var member in vector.EnumerateObject())
        {
            if (!Known.Contains(member.Name))
            {
                throw new FormatException($"there is no {member.Name} in a vector; {string.Join(", ", Known)}");
            }
        }

        if (!vector.TryGetProperty("feed", out var feed))
        {
            throw new FormatException("feed: a feed is wanted");
        }

        var errors = new List<DefinitionError>();
        var definition = VectorFeed.Read(feed, errors);
        var compiled = definition is null ? null : CompiledFeed.Compile(definition, "feed", Limits(vector), errors);
        if (vector.TryGetProperty("errors", out var wanted))
        {
            CheckErrors(wanted, errors, failures);
            return;
        }

        if (compiled is null)
        {
            failures.AddRange(errors.Select(error => error.ToString()));
            return;
        }

        var fold = new VectorFold(compiled);
        if (vector.TryGetProperty("records", out var records))
        {
            foreach (var record in records.EnumerateArray())
            {
                fold.Add(VectorRecord.Read(record, compiled.Definition.Topics[0]));
            }
        }

        CheckViews(vector, fold, failures);
        CheckCounts(vector, fold, failures);
    }

    private static CompileLimits Limits(JsonElement vector)
    {
        var limits = new CompileLimits();
        if (!vector.TryGetProperty("limits", out var given))
        {
            return limits;
        }

        foreach (var limit in given.EnumerateObject())
        {
            limits = limit.Name switch
            {
                "top.items" => limits with { TopItems = limit.Value.GetInt32() },
                "key.bytes" => limits with { KeyBytes = limit.Value.GetInt32() },
                "ids.keep" => limits with { IdsKeep = limit.Value.GetInt32() },
                _ => throw new FormatException($"limits.{limit.Name}: there is no such limit"),
            };
        }

        return limits;
    }

    private static void CheckErrors(JsonElement wanted, List<DefinitionError> errors, List<string> failures)
    {
        var found = errors.Select(error => error.ToString()).ToList();
        foreach (var part in wanted.EnumerateArray())
        {
            if (!found.Exists(error => error.Contains(part.GetString()!, StringComparison.Ordinal)))
            {
                failures.Add($"errors: expected one with: {part.GetString()}, actual: {string.Join(" | ", found)}");
            }
        }

        if (found.Count != wanted.GetArrayLength())
        {
            failures.Add(
                $"errors: expected {wanted.GetArrayLength()}, actual {found.Count}: {string.Join(" | ", found)}");
        }
    }

    private static void CheckViews(JsonElement vector, VectorFold fold, List<string> failures)
    {
        if (!vector.TryGetProperty("views", out var views))
        {
            return;
        }

        foreach (var view in views.EnumerateObject())
        {
            var actual = fold.ViewOf(KeyOf(view.Name, vector));
            var expected = view.Value.ValueKind == JsonValueKind.Null ? null : view.Value.GetRawText();
            if (!JsonDifference.AreSame(expected, actual))
            {
                failures.Add(
                    $"views: {view.Name}: expected {expected ?? "no such key"}, actual {actual ?? "no such key"}");
            }
        }
    }

    private static KeyName KeyOf(string name, JsonElement vector)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var hasTenant = vector.GetProperty("feed").TryGetProperty("tenant", out _);
        return hasTenant && slash >= 0 ? new KeyName(name[..slash], name[(slash + 1)..]) : new KeyName("", name);
    }

    private static void CheckCounts(JsonElement vector, VectorFold fold, List<string> failures)
    {
        if (vector.TryGetProperty("outcomes", out var outcomes))
        {
            foreach (var wanted in outcomes.EnumerateObject())
            {
                if (!Enum.TryParse<Outcome>(wanted.Name, ignoreCase: true, out var outcome))
                {
                    throw new FormatException($"outcomes: there is no {wanted.Name}");
                }

                Compare($"outcomes: {wanted.Name}", wanted.Value, fold.Outcomes.GetValueOrDefault(outcome), fold,
                    failures);
            }
        }

        if (vector.TryGetProperty("reasons", out var reasons))
        {
            foreach (var wanted in reasons.EnumerateObject())
            {
                Compare($"reasons: {wanted.Name}", wanted.Value, fold.Quarantined.GetValueOrDefault(wanted.Name),
                    fold, failures);
            }
        }
    }

    private static void Compare(string what, JsonElement expected, long actual, VectorFold fold, List<string> failures)
    {
        if (expected.GetInt64() != actual)
        {
            var details = fold.Details.Count == 0 ? "" : $" ({string.Join(" | ", fold.Details.Take(5))})";
            failures.Add(string.Create(
                CultureInfo.InvariantCulture, $"{what}: expected {expected.GetInt64()}, actual {actual}{details}"));
        }
    }
}
