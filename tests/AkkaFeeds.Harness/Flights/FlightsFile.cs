using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;

namespace AkkaFeeds.Harness;

/// <summary>Reads flights-3m.parquet, a row group at a time.</summary>
public static class FlightsFile
{
    /// <summary>How many flights the file holds.</summary>
    public const int Count = 3_000_000;

    /// <summary>
    /// The folder with the data, from AKKAFEEDS_TEST_DATA; null where it is not set or holds no flights.
    /// </summary>
    public static string? Folder
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable("AKKAFEEDS_TEST_DATA");
            return folder is { Length: > 0 } && File.Exists(Path.Combine(folder, FileName)) ? folder : null;
        }
    }

    private const string FileName = "flights-3m.parquet";

    /// <summary>
    /// The flights in order, in batches of one row group (272,727), at most <paramref name="count"/> in all.
    /// </summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<Flight>> ReadAsync(
        int count = Count, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var folder = Folder ?? throw new InvalidOperationException(
            $"AKKAFEEDS_TEST_DATA names no folder with {FileName}");
        await using var reader = await ParquetReader.CreateAsync(
            Path.Combine(folder, FileName), cancellationToken: cancellation);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var read = 0;
        for (var group = 0; group < reader.RowGroupCount && read < count; group++)
        {
            using var rows = reader.OpenRowGroupReader(group);
            var flights = await ReadGroupAsync(rows, reader.Schema, read, names, cancellation);
            var taken = Math.Min(flights.Length, count - read);
            read += taken;
            yield return flights.AsMemory(0, taken);
        }
    }

    private static async Task<Flight[]> ReadGroupAsync(
        ParquetRowGroupReader rows, ParquetSchema schema, int first, Dictionary<string, string> names,
        CancellationToken cancellation)
    {
        var count = checked((int)rows.RowCount);
        var dates = new DateTime?[count];
        var delays = new long?[count];
        var distances = new long?[count];
        var origins = new string?[count];
        var destinations = new string?[count];
        await rows.ReadAsync<DateTime>(Field("date"), dates, null, cancellation);
        await rows.ReadAsync<long>(Field("delay"), delays, null, cancellation);
        await rows.ReadAsync<long>(Field("distance"), distances, null, cancellation);
        await rows.ReadAsync(Field("origin"), origins, null, cancellation);
        await rows.ReadAsync(Field("destination"), destinations, null, cancellation);
        var flights = new Flight[count];
        for (var index = 0; index < count; index++)
        {
            flights[index] = new(
                first + index, dates[index]!.Value, delays[index]!.Value, distances[index]!.Value,
                Shared(origins[index]!), Shared(destinations[index]!));
        }

        return flights;

        DataField Field(string name) => schema.DataFields.Single(field => field.Name == name);

        string Shared(string name)
        {
            if (!names.TryGetValue(name, out var shared))
            {
                names.Add(name, shared = name);
            }

            return shared;
        }
    }
}
