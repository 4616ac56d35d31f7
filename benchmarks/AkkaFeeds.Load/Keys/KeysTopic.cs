using System.Globalization;
using System.Text;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>A topic with some records for each of many keys, made without any data set.</summary>
internal static class KeysTopic
{
    public const int RecordsPerKey = 3;

    /// <summary>Creates and fills the topic; the values differ, so that no state is smaller than a real one.</summary>
    public static async Task FillAsync(string brokers, string topic, int keys)
    {
        await FlightProducer.CreateTopicAsync(brokers, topic);
        using var producer = FlightProducer.Create(brokers);
        for (var round = 0; round < RecordsPerKey; round++)
        {
            for (var index = 0; index < keys; index++)
            {
                FlightProducer.Send(
                    producer, topic, Encoding.UTF8.GetBytes(Key(index)), Value(((long)round * keys) + index, index));
            }
        }

        FlightProducer.Flush(producer);
    }

    /// <summary>The name of a key.</summary>
    public static string Key(int index) => string.Create(CultureInfo.InvariantCulture, $"N{index:D6}");

    /// <summary>A record.</summary>
    public static byte[] Value(long number, int index) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"tail\":\"{Key(index)}\",\"delay\":{(number % 97) - 20},\"distance\":{100 + (number % 2_500)},\"flight\":{number}}}"));

    /// <summary>The feed over it.</summary>
    public static FeedText Feed(string topic) => new(KeysProgram.Feed, topic, "tail", null);
}
