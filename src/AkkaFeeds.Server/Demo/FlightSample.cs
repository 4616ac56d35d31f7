using System.Globalization;
using System.IO.Compression;

namespace AkkaFeeds.Server.Demo;

/// <summary>The flights that are shipped with the demo; README.md beside this file describes their form.</summary>
/// <param name="Span">The days that they cover.</param>
/// <param name="Flights">In the order of their recorded instants.</param>
internal sealed record FlightSample(TimeSpan Span, IReadOnlyList<SampleFlight> Flights)
{
    private const string Resource = "flights.txt.br";

    /// <summary>Unpacks the flights of this assembly; some tens of milliseconds.</summary>
    public static FlightSample Load()
    {
        using var packed = DemoFile.Open(Resource);
        using var text = new StreamReader(new BrotliStream(packed, CompressionMode.Decompress));
        return Read(text);
    }

    /// <summary>Reads the form of the shipped file.</summary>
    /// <exception cref="FormatException">It is of another form.</exception>
    public static FlightSample Read(TextReader text)
    {
        var head = Line(text).Split(' ');
        var instant = DateTimeOffset.ParseExact(
            head[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var span = TimeSpan.FromDays(Number(head[1]));
        var routes = new List<SampleRoute>();
        for (var line = Line(text); line.Length > 0; line = Line(text))
        {
            var words = line.Split(' ');
            routes.Add(new SampleRoute(words[0], words[1], Number(words[2])));
        }

        var flights = new List<SampleFlight>();
        Span<Range> parts = stackalloc Range[3];
        while (text.ReadLine() is { } line)
        {
            var numbers = line.AsSpan();
            if (numbers.Split(parts, ' ') != parts.Length)
            {
                throw new FormatException($"'{line}' is no flight");
            }

            instant += TimeSpan.FromMinutes(Number(numbers[parts[0]]));
            flights.Add(new SampleFlight(instant, Number(numbers[parts[2]]), routes[Number(numbers[parts[1]])]));
        }

        return new FlightSample(span, flights);
    }

    private static string Line(TextReader text) => text.ReadLine() ?? throw new FormatException("the sample is cut");

    private static int Number(ReadOnlySpan<char> text) =>
        int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
