namespace AkkaFeeds.Load;

/// <summary>What a stage that runs in a process of its own is told.</summary>
internal sealed record StageOptions(string Brokers, string Topic, int Keys, int Records)
{
    public static StageOptions Parse(ReadOnlySpan<string> options)
    {
        var arguments = Arguments.Parse(options, "brokers", "topic", "keys", "records");
        return new(
            arguments.Text("brokers", ""), arguments.Text("topic", ""),
            arguments.Number("keys", IngestTopic.OriginKeys),
            arguments.Number("records", 1));
    }

    public string[] ToArguments() =>
        ["--brokers", Brokers, "--topic", Topic, "--keys", $"{Keys}", "--records", $"{Records}"];
}
