using System.Globalization;
using System.IO.Compression;
using System.Text;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>
/// <c>sample</c>: makes the flights that <c>akkafeeds demo</c> replays out of the large file. The same days give the
/// same text, and with the same SDK the same bytes.
/// </summary>
internal static class SampleProgram
{
    private const int QualityMax = 11;
    private const int WindowBits = 24;

    private static readonly DateTime DefaultFrom = new(2001, 6, 4, 0, 0, 0, DateTimeKind.Utc);

    public static async Task<int> RunAsync(string[] options)
    {
        var arguments = Arguments.Parse(options, "from", "days", "file");
        var days = arguments.Number("days", 7);
        var file = arguments.Text("file", "");
        if (file.Length == 0)
        {
            throw new UsageException("--file: a path to write to is wanted");
        }

        if (FlightsFile.Folder is null)
        {
            throw new UsageException("AKKAFEEDS_TEST_DATA: a folder with flights-3m.parquet is wanted");
        }

        var from = From(arguments.Text("from", DefaultFrom.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        var flights = await BetweenAsync(from, from.AddDays(days));
        var text = Encoding.UTF8.GetBytes(Text(from, days, flights));
        var packed = Pack(text);
        await File.WriteAllBytesAsync(file, packed);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{file}: {flights.Count} flights, {text.Length} bytes of text, {packed.Length} packed"));
        return 0;
    }

    private static DateTime From(string text) => DateTime.TryParseExact(
        text, "yyyy-MM-dd", CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day)
        ? day
        : throw new UsageException($"--from: {text}: a day such as 2001-06-04 is wanted");

    private static async Task<List<Flight>> BetweenAsync(DateTime from, DateTime to)
    {
        var found = new List<Flight>();
        await foreach (var flights in FlightsFile.ReadAsync())
        {
            foreach (var flight in flights.ToArray())
            {
                if (flight.Date >= from && flight.Date < to)
                {
                    found.Add(flight);
                }
            }
        }

        return found.Count > 0
            ? found
            : throw new UsageException("--from: the large file holds no flight of these days");
    }

    /// <summary>The form that src/AkkaFeeds.Server/Demo/README.md describes.</summary>
    private static string Text(DateTime from, int days, List<Flight> flights)
    {
        var routes = flights.Select(flight => (flight.Origin, flight.Destination, flight.Distance)).Distinct()
            .OrderBy(route => route.Origin, StringComparer.Ordinal)
            .ThenBy(route => route.Destination, StringComparer.Ordinal).ThenBy(route => route.Distance).ToList();
        var numbers = routes.Select((route, number) => (route, number))
            .ToDictionary(pair => pair.route, pair => pair.number);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd} {days}\n");
        foreach (var (origin, destination, distance) in routes)
        {
            text.Append(CultureInfo.InvariantCulture, $"{origin} {destination} {distance}\n");
        }

        text.Append('\n');
        var before = from;
        foreach (var flight in flights)
        {
            var minutes = (long)(flight.Date - before).TotalMinutes;
            var route = numbers[(flight.Origin, flight.Destination, flight.Distance)];
            text.Append(CultureInfo.InvariantCulture, $"{minutes} {route} {flight.Delay}\n");
            before = flight.Date;
        }

        return text.ToString();
    }

    private static byte[] Pack(byte[] text)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(text.Length)];
        return BrotliEncoder.TryCompress(text, packed, out var length, QualityMax, WindowBits)
            ? packed[..length]
            : throw new InvalidOperationException("the text cannot be packed");
    }
}
