using System.Runtime.InteropServices;
using System.Text;

namespace AkkaFeeds.Kafka.Native;

/// <summary>librdkafka's mock cluster.</summary>
internal static partial class Mock
{
    private const int ProducerType = 0;
    private const string ErrorsOnly = "3";

    /// <summary>A cluster of one broker, and the client that carries it.</summary>
    public static (nint Client, nint Cluster) NewCluster()
    {
        var reason = new byte[512];
        var configuration = NewConfiguration();

        // The client is there for its cluster alone: it must not warn that it knows no brokers.
        _ = Configure(configuration, "log_level", ErrorsOnly, reason, (nuint)reason.Length);
        var client = NewClient(ProducerType, configuration, reason, (nuint)reason.Length);
        if (client == 0)
        {
            throw new InvalidOperationException($"embedded broker: {Encoding.UTF8.GetString(reason).TrimEnd('\0')}");
        }

        var cluster = NewCluster(client, 1);
        if (cluster == 0)
        {
            DestroyClient(client);
            throw new InvalidOperationException("embedded broker: it could not listen on the loopback interface");
        }

        return (client, cluster);
    }

    public static string Bootstraps(nint cluster) => Marshal.PtrToStringUTF8(BootstrapsPointer(cluster)) ?? "";

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    public static partial void DestroyCluster(nint cluster);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_destroy")]
    public static partial void DestroyClient(nint client);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_mock_set_controller_id")]
    public static partial void SetController(nint cluster, int broker);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    public static partial void InitialRebalanceDelay(nint cluster, int milliseconds);

    [LibraryImport(
        Librdkafka.ImportName, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateTopic(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(
        Librdkafka.ImportName, EntryPoint = "rd_kafka_mock_topic_delete", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int DeleteTopic(nint cluster, string topic);

    [LibraryImport(
        Librdkafka.ImportName, EntryPoint = "rd_kafka_mock_partition_delete_records",
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int DeleteRecords(nint cluster, string topic, int partition, long offset);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_mock_broker_set_down")]
    public static partial int SetDown(nint cluster, int broker);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_mock_broker_set_up")]
    public static partial int SetUp(nint cluster, int broker);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_mock_broker_set_rtt")]
    public static partial int SetRtt(nint cluster, int broker, int milliseconds);

    /// <summary>
    /// The array form (the variadic one cannot be imported); it returns nothing, so 0 stands for its success.
    /// </summary>
    public static int PushErrors(nint cluster, short apiKey, nuint count, int[] errors)
    {
        PushErrorArray(cluster, apiKey, count, errors);
        return 0;
    }

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    private static partial void PushErrorArray(nint cluster, short apiKey, nuint count, int[] errors);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_conf_new")]
    private static partial nint NewConfiguration();

    [LibraryImport(
        Librdkafka.ImportName, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Configure(
        nint configuration, string name, string value, [Out] byte[] reason, nuint reasonLength);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_new")]
    private static partial nint NewClient(int type, nint configuration, [Out] byte[] reason, nuint reasonLength);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial nint NewCluster(nint client, int brokers);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial nint BootstrapsPointer(nint cluster);
}
