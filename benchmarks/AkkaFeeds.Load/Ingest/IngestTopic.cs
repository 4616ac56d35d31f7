using System.Runtime.InteropServices;
using System.Text;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>One prepared topic, and what a feed over it has to count for each key.</summary>
/// <param name="Name">The topic.</param>
/// <param name="Keys">How many keys the feed will have.</param>
/// <param name="Records">How many records stand in it.</param>
/// <param name="Expected">Departures and total distance by key, counted while the topic was made.</param>
internal sealed record IngestTopic(
    string Name, int Keys, int Records, IReadOnlyDictionary<string, (long Departures, long Distance)> Expected)
{
    /// <summary>
    /// The number of origins in the data set: with so many keys wanted, the key is the origin itself.
    /// </summary>
    public const int OriginKeys = 229;

    /// <summary>The feed's name.</summary>
    public const string FeedName = "ingest";

    /// <summary>The feed over it.</summary>
    public FeedText Feed() => Feed(Name, Keys);

    /// <summary>The feed over a topic of that name.</summary>
    public static FeedText Feed(string topic, int keys) => new(FeedName, topic, IngestRecord.KeyField(keys), "date");

    /// <summary>Makes the topic; the Kafka key is the feed's key, so that the peer needs no repartition.</summary>
    public static async Task<IngestTopic> PrepareAsync(string brokers, int keys, int records)
    {
        var name = $"ingest-{keys}";
        await FlightProducer.CreateTopicAsync(brokers, name);
        using var producer = FlightProducer.Create(brokers);
        var expected = new Dictionary<string, (long Departures, long Distance)>(StringComparer.Ordinal);
        await foreach (var flights in FlightsFile.ReadAsync(records))
        {
            Send(producer, name, keys, flights.Span, expected);
        }

        FlightProducer.Flush(producer);
        var count = FlightProducer.Count(brokers, name);
        return count == records
            ? new(name, keys, records, expected)
            : throw new InvalidOperationException($"{name} holds {count} records, not {records}");
    }

    private static void Send(
        Confluent.Kafka.IProducer<byte[]?, byte[]> producer, string topic, int keys, ReadOnlySpan<Flight> flights,
        Dictionary<string, (long Departures, long Distance)> expected)
    {
        foreach (ref readonly var flight in flights)
        {
            var key = IngestRecord.Key(flight, keys);
            FlightProducer.Send(producer, topic, Encoding.UTF8.GetBytes(key), IngestRecord.Write(flight, keys));
            ref var counted = ref CollectionsMarshal.GetValueRefOrAddDefault(expected, key, out _);
            counted = (counted.Departures + 1, counted.Distance + flight.Distance);
        }
    }
}
