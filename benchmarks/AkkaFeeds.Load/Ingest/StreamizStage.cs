using System.Buffers.Binary;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.SerDes;
using Streamiz.Kafka.Net.Table;

namespace AkkaFeeds.Load;

/// <summary>
/// The peer: Streamiz.Kafka.Net, count and sum a key in an in-memory store with its changelog on, at least once,
/// committed
/// each second. The Kafka key is the grouping key, so nothing is repartitioned; the value is read with the same
/// reader that
/// a careful user would take, and the aggregate is kept as 16 bytes.
/// </summary>
internal static class StreamizStage
{
    private const int ThreadCount = 1;

    public static async Task<StageResult> RunAsync(StageOptions options)
    {
        var clock = new StageClock();
        var done = new TaskCompletionSource<StageResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var records = 0;
        var builder = new StreamBuilder();
        builder
            .Stream(options.Topic, new StringSerDes(), new ByteArraySerDes())
            .GroupByKey()
            .Aggregate(
                () => default(Total),
                (_, value, total) =>
                {
                    var count = Interlocked.Increment(ref records);
                    if (count == 1)
                    {
                        clock.Start();
                    }

                    var next = total.Add(Distance(value));
                    if (count == options.Records)
                    {
                        done.TrySetResult(clock.Stop(count));
                    }

                    return next;
                },
                InMemory.As<string, Total>("totals")
                    .WithKeySerdes(new StringSerDes())
                    .WithValueSerdes(new TotalSerDes())
                    .WithLoggingEnabled(new Dictionary<string, string>()));
        using var stream = new KafkaStream(builder.Build(), Config(options));
        await stream.StartAsync();
        return await done.Task.WaitAsync(TimeSpan.FromMinutes(10));
    }

    private static StreamConfig<StringSerDes, ByteArraySerDes> Config(StageOptions options) => new()
    {
        ApplicationId = $"streamiz-{Guid.NewGuid():N}",
        BootstrapServers = options.Brokers,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        NumStreamThreads = ThreadCount,
        CommitIntervalMs = 1_000,
        MaxPollRecords = 10_000,
        ReplicationFactor = 1,
        Logger = LoggerFactory.Create(_ => { }),
        StateDir = Path.Combine(Path.GetTempPath(), $"streamiz-{Environment.ProcessId}"),
    };

    private static long Distance(byte[] value)
    {
        var reader = new Utf8JsonReader(value);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("distance"u8))
            {
                reader.Read();
                return reader.GetInt64();
            }
        }

        throw new InvalidDataException("a record has no distance");
    }

    private readonly record struct Total(long Count, long Sum)
    {
        public Total Add(long value) => new(Count + 1, Sum + value);
    }

    private sealed class TotalSerDes : AbstractSerDes<Total>
    {
        public override byte[] Serialize(Total data, SerializationContext context)
        {
            var bytes = new byte[16];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, data.Count);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), data.Sum);
            return bytes;
        }

        public override Total Deserialize(byte[] data, SerializationContext context) => data is null
            ? default
            : new(BinaryPrimitives.ReadInt64LittleEndian(data),
                BinaryPrimitives.ReadInt64LittleEndian(data.AsSpan(8)));
    }
}
