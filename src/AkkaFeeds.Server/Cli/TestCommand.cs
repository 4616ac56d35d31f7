using System.Buffers;
using System.Text;
using System.Text.Json;
using AkkaFeeds.Definitions.Vectors;
using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Cli;

/// <summary><c>akkafeeds test FILE...</c>: 0 when every vector passes, 1 when one fails, 2 when a file is not
/// one.</summary>
internal static class TestCommand
{
    public static async Task<int> RunAsync(Invocation invocation, TextWriter output, TextWriter errors)
    {
        var files = new List<(string File, IReadOnlyList<VectorResult> Results)>();
        foreach (var file in invocation.Arguments)
        {
            files.Add((file, await RunAsync(file).ConfigureAwait(false)));
        }

        await output.WriteAsync(invocation.Has("--json") ? Json(files) : Text(files)).ConfigureAwait(false);
        return files.TrueForAll(file => file.Results.All(result => result.Passed)) ? 0 : StartupException.Failed;
    }

    private static async Task<IReadOnlyList<VectorResult>> RunAsync(string file)
    {
        try
        {
            return VectorRunner.Run(await File.ReadAllTextAsync(file).ConfigureAwait(false));
        }
        catch (FormatException exception)
        {
            throw UsageError.Of(file, exception.Message, "write {\"vectors\":[...]} as docs/language.md says");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var why = Directory.Exists(file) ? "is a directory"
                : File.Exists(file) ? "cannot be read" : "does not exist";
            throw UsageError.Of(file, why, "give the path of a file of vectors");
        }
    }

    private static string Text(List<(string File, IReadOnlyList<VectorResult> Results)> files)
    {
        var text = new StringBuilder();
        foreach (var (file, results) in files)
        {
            foreach (var result in results)
            {
                text.Append(result.Passed ? "passed " : "FAILED ").Append(ShownText.Escape(result.Name)).Append('\n');
                foreach (var failure in result.Failures)
                {
                    text.Append("    ").Append(ShownText.Escape(failure)).Append('\n');
                }
            }

            var failed = results.Count(result => !result.Passed);
            text.Append($"{ShownText.Escape(file)}: {results.Count} vectors, {failed} failed\n");
        }

        return text.ToString();
    }

    private static string Json(List<(string File, IReadOnlyList<VectorResult> Results)> files)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, EdgeJson.Options))
        {
            json.WriteStartObject();
            json.WriteBoolean("ok", files.TrueForAll(file => file.Results.All(result => result.Passed)));
            json.WriteStartArray("files");
            foreach (var (file, results) in files)
            {
                json.WriteStartObject();
                json.WriteString("file", file);
                json.WriteStartArray("vectors");
                foreach (var result in results)
                {
                    json.WriteStartObject();
                    json.WriteString("name", result.Name);
                    json.WriteBoolean("passed", result.Passed);
                    EdgeJson.Strings(json, "failures", result.Failures);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }
}
