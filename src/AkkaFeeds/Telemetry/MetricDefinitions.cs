namespace AkkaFeeds.Telemetry;

/// <summary>Every metric there is, in the order of docs/metrics.md.</summary>
public static class MetricDefinitions
{
    internal static readonly MetricDefinition RecordsTotal = new(
        "akkafeeds_records_total", MetricKind.Counter, "{record}", ["feed", "outcome"],
        "Deliveries by what became of them; a record that is read again after a rewind or a restart counts again.");

    internal static readonly MetricDefinition LagRecords = new(
        "akkafeeds_lag_records", MetricKind.Gauge, "{record}", ["feed", "partition"],
        "The log's end minus the floor: what is not read, or not durable yet. The board's lag ends where it is read.");

    internal static readonly MetricDefinition CheckpointAgeSeconds = new(
        "akkafeeds_checkpoint_age_seconds", MetricKind.Gauge, "s", ["feed", "partition"],
        "How long ago everything read of the partition was last durable: the age of the floor.");

    internal static readonly MetricDefinition CheckpointSeconds = new(
        "akkafeeds_checkpoint_seconds", MetricKind.Histogram, "s", ["feed"],
        "From the cut of a slot's checkpoint to the answer of the store.");

    internal static readonly MetricDefinition CommitLagRecords = new(
        "akkafeeds_commit_lag_records", MetricKind.Gauge, "{record}", ["feed", "partition"],
        "The ledger's floor minus the last offset that Kafka has taken from this node; grows while it refuses commits.");

    internal static readonly MetricDefinition UnaccountedRecords = new(
        "akkafeeds_unaccounted_records", MetricKind.Gauge, "{record}", ["feed", "partition"],
        "Consumed minus applied, duplicate, filtered, late and quarantined at a standstill; anything but 0 is a bug.");

    internal static readonly MetricDefinition LostRecords = new(
        "akkafeeds_lost_records", MetricKind.Gauge, "{record}", ["feed", "partition"],
        "Offsets that the log had lost before they were read, and an operator let go; no view has them.");

    internal static readonly MetricDefinition FreshnessSeconds = new(
        "akkafeeds_freshness_seconds", MetricKind.Histogram, "s", ["feed", "stage"],
        "Age of records by how far they came (produce, ingest, publish, write, render) since Kafka says they began.");

    internal static readonly MetricDefinition StateKeys = new(
        "akkafeeds_state_keys", MetricKind.Gauge, "{key}", ["feed", "state"],
        "Keys that this node owns, by the state that they show.");

    internal static readonly MetricDefinition WatchedKeys = new(
        "akkafeeds_watched_keys", MetricKind.Gauge, "{key}", ["feed"],
        "Keys of this node's slots that the clients of any node watch: one that many clients watch counts once.");

    internal static readonly MetricDefinition RecoveriesTotal = new(
        "akkafeeds_recoveries_total", MetricKind.Counter, "{recovery}", ["feed"],
        "Slots that read their state back from the store: nothing else that readers see comes from there.");

    internal static readonly MetricDefinition GapsTotal = new(
        "akkafeeds_gaps_total", MetricKind.Counter, "{gap}", ["feed"],
        "Slots that told a lane that they miss rows.");

    internal static readonly MetricDefinition RewindsTotal = new(
        "akkafeeds_rewinds_total", MetricKind.Counter, "{rewind}", ["feed"],
        "Lanes that went back to their floor and read again.");

    internal static readonly MetricDefinition SlotRowsTotal = new(
        "akkafeeds_slot_rows_total", MetricKind.Counter, "{row}", ["feed", "lane"],
        "Rows that came to the slots of this node, by where the lane is that sent them: here or elsewhere.");

    internal static readonly MetricDefinition QuarantinedTotal = new(
        "akkafeeds_quarantined_total", MetricKind.Counter, "{record}", ["feed", "reason"],
        "Records put aside, by reason.");

    internal static readonly MetricDefinition Clients = new(
        "akkafeeds_clients", MetricKind.Gauge, "{client}", [], "Connections of this node.");

    internal static readonly MetricDefinition Subscriptions = new(
        "akkafeeds_subscriptions", MetricKind.Gauge, "{subscription}", [],
        "Keys and collections that the connections of this node watch, each for itself.");

    internal static readonly MetricDefinition FramesTotal = new(
        "akkafeeds_frames_total", MetricKind.Counter, "{frame}", ["kind"], "Frames written to clients, by kind.");

    internal static readonly MetricDefinition BytesTotal = new(
        "akkafeeds_bytes_total", MetricKind.Counter, "By", ["path"], "Bytes of frames written to clients, by transport.");

    internal static readonly MetricDefinition SlowClients = new(
        "akkafeeds_slow_clients", MetricKind.Gauge, "{client}", [],
        "Connections whose socket has taken no byte for more than a second while some were pending.");

    internal static readonly MetricDefinition SlowClosedTotal = new(
        "akkafeeds_slow_closed_total", MetricKind.Counter, "{client}", [],
        "Connections that were closed because their socket took no byte for longer than slow.timeout.");

    internal static readonly MetricDefinition LongPolls = new(
        "akkafeeds_long_polls", MetricKind.Gauge, "{request}", [],
        "Long polls that this node holds; at limits.longPolls one more is told when to come back.");

    internal static readonly MetricDefinition PollAgeSeconds = new(
        "akkafeeds_poll_age_seconds", MetricKind.Gauge, "s", [],
        "How long ago the Kafka consumer was last polled; above 1 s the poll thread is held up.");

    internal static readonly MetricDefinition ProcessCpuSecondsTotal = new(
        "process_cpu_seconds_total", MetricKind.Counter, "s", [], "Processor time of this process, user and system.");

    internal static readonly MetricDefinition ProcessResidentBytes = new(
        "process_resident_memory_bytes", MetricKind.Gauge, "By", [], "Memory of this process that is in RAM.");

    internal static readonly MetricDefinition ProcessStartSeconds = new(
        "process_start_time_seconds", MetricKind.Gauge, "s", [], "When this process started, Unix time.");

    internal static readonly MetricDefinition ProcessThreads = new(
        "process_threads", MetricKind.Gauge, "{thread}", [], "Threads of this process.");

    internal static readonly MetricDefinition GcHeapBytes = new(
        "dotnet_gc_heap_bytes", MetricKind.Gauge, "By", [],
        "Managed heap after the last collection, fragmentation included.");

    internal static readonly MetricDefinition GcAllocatedBytesTotal = new(
        "dotnet_gc_allocated_bytes_total", MetricKind.Counter, "By", [], "Bytes allocated on the managed heap.");

    internal static readonly MetricDefinition GcCollectionsTotal = new(
        "dotnet_gc_collections_total", MetricKind.Counter, "{collection}", ["generation"],
        "Collections by generation.");

    internal static readonly MetricDefinition GcPauseSecondsTotal = new(
        "dotnet_gc_pause_seconds_total", MetricKind.Counter, "s", [], "Time in which a collection held every thread.");

    internal static readonly MetricDefinition ExceptionsTotal = new(
        "dotnet_exceptions_total", MetricKind.Counter, "{exception}", [],
        "Exceptions thrown, also those that are caught; one that is thrown again on its way up counts each time.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        RecordsTotal, LagRecords, CheckpointAgeSeconds, CheckpointSeconds, CommitLagRecords, UnaccountedRecords,
        LostRecords, FreshnessSeconds,
        StateKeys, WatchedKeys,
        RecoveriesTotal, GapsTotal, RewindsTotal, SlotRowsTotal, QuarantinedTotal,
        Clients, Subscriptions, FramesTotal, BytesTotal, SlowClients, SlowClosedTotal, LongPolls,
        PollAgeSeconds, ProcessCpuSecondsTotal, ProcessResidentBytes, ProcessStartSeconds, ProcessThreads,
        GcHeapBytes, GcAllocatedBytesTotal, GcCollectionsTotal, GcPauseSecondsTotal, ExceptionsTotal,
    ];
}
