using System.Buffers;
using System.Text;
using System.Text.Json;
using AkkaFeeds.Contracts;
using AkkaFeeds.Server.Cli.Sampling;
using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Cli;

/// <summary><c>check --json</c>: one document, the errors in it.</summary>
internal static class CheckJson
{
    public static string Write(CheckModel model)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, EdgeJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("file", model.Path);
            json.WriteBoolean("ok", model.File.Options is not null);
            Errors(json, model);
            Feeds(json, model);
            Samples(json, model.Samples);
            Explanations(json, model.Explanations);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Errors(Utf8JsonWriter json, CheckModel model)
    {
        json.WriteStartArray("errors");
        foreach (var error in model.File.Errors)
        {
            json.WriteStartObject();
            json.WriteString("file", error.File);
            json.WriteNumber("line", error.Line);
            json.WriteNumber("column", error.Column);
            json.WriteString("field", error.Field);
            json.WriteString("value", error.Value);
            json.WriteString("problem", error.Problem);
            json.WriteString("suggestion", error.Suggestion);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Feeds(Utf8JsonWriter json, CheckModel model)
    {
        json.WriteStartArray("feeds");
        foreach (var feed in model.File.Feeds.OrderBy(feed => feed.Definition.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name", feed.Definition.Name);
            EdgeJson.Strings(json, "topics", feed.Definition.Topics);
            json.WriteString("key", feed.KeyExpression);
            json.WriteNumber("slots", feed.Definition.Slots);
            json.WriteString("definition", feed.Hash);
            json.WriteStartArray("fields");
            foreach (var field in feed.ViewFields)
            {
                json.WriteStartObject();
                json.WriteString("name", field.Name);
                json.WriteString("type", field.Type);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Samples(Utf8JsonWriter json, List<SampleReport> samples)
    {
        json.WriteStartArray("sample");
        foreach (var sample in samples)
        {
            json.WriteStartObject();
            json.WriteString("feed", sample.Feed);
            json.WriteString("topic", sample.Topic);
            json.WriteNumber("records", sample.Records);
            json.WriteStartObject("outcomes");
            foreach (var outcome in Enum.GetValues<Outcome>())
            {
                json.WriteNumber(Word(outcome), sample.Count(outcome));
            }

            json.WriteEndObject();
            json.WriteStartArray("problems");
            foreach (var (position, problem) in sample.Problems)
            {
                json.WriteStartObject();
                json.WriteString("position", position.ToString());
                json.WriteString("problem", problem);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Explanations(Utf8JsonWriter json, List<Explanation> explanations)
    {
        json.WriteStartArray("explain");
        foreach (var explanation in explanations)
        {
            json.WriteStartObject();
            json.WriteString("feed", explanation.Feed);
            json.WriteString("position", explanation.Position.ToString());
            json.WriteString("outcome", Word(explanation.Outcome.Outcome));
            if (explanation.Outcome.Reason is { } reason)
            {
                json.WriteString("reason", reason);
            }

            EdgeJson.Strings(json, "steps", explanation.Steps);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Word(Outcome outcome) => outcome.ToString().ToLowerInvariant();
}
