using System.Globalization;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Cli;
using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Demo;

/// <summary>What the words behind <c>demo</c> ask for.</summary>
/// <param name="Rate">Records a second, 1 to 50,000.</param>
/// <param name="Broker">A real broker, host:port; null for the embedded one.</param>
/// <param name="Folder">The folder of the store, absolute; null for a temporary one. It is given exactly where a
/// broker is.</param>
internal sealed record DemoOptions(int Rate, string? Broker, string? Folder)
{
    /// <summary>Busy enough to see, and quiet on a laptop.</summary>
    public const int RateDefault = 200;

    /// <summary>What one producer and one embedded broker carry without trouble.</summary>
    public const int RateMax = 50_000;

    private const string BrokerExample = "127.0.0.1:9092";

    /// <summary>The store's file; null where the store is temporary.</summary>
    public string? Store => Folder is null ? null : Path.Combine(Folder, "akkafeeds.db");

    /// <summary>Reads the options.</summary>
    /// <exception cref="StartupException">One is wrong, or one lacks the other.</exception>
    public static DemoOptions Of(Invocation invocation)
    {
        var rate = RateOf(invocation.Value("--rate"));
        var (broker, folder) = (invocation.Value("--broker"), invocation.Value("--data"));
        if (broker is null && folder is not null)
        {
            throw UsageError.Of(
                "--data", "the embedded Kafka forgets its records when it stops, and a store that is kept would not "
                + "match the next ones",
                $"add --broker HOST:PORT, or leave --data out and take a temporary store");
        }

        if (broker is not null && folder is null)
        {
            throw UsageError.Of(
                "--broker", "a real broker keeps its records, so the store has to be kept, too", "add --data DIR");
        }

        return new DemoOptions(rate, BrokerOf(broker), FolderOf(folder));
    }

    /// <summary>The options as settings of the file.</summary>
    public IEnumerable<KeyValuePair<string, string>> Sets() => Broker is null
        ? []
        : [new("kafka.brokers", Broker), new("store", $"sqlite:{Store}")];

    private static int RateOf(string? text)
    {
        if (text is null)
        {
            return RateDefault;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rate)
            && rate is >= 1 and <= RateMax
            ? rate
            : throw UsageError.Of(
                "--rate", $"{ShownText.Quote(text)} is not a number of records a second from 1 to 50,000",
                $"write one such as --rate {RateDefault}");
    }

    private static string? BrokerOf(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var (problem, suggestion) = Addresses.HostAndPortTrouble(text, BrokerExample);
        return problem.Length == 0
            ? text
            : throw UsageError.Of("--broker", $"{ShownText.Quote(text)} {problem}", suggestion);
    }

    private static string? FolderOf(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (text.Length == 0 || text.Any(char.IsControl) || File.Exists(text))
        {
            var why = text.Length > 0 && File.Exists(text) ? "is a file" : "names no folder";
            throw UsageError.Of(
                "--data", $"{ShownText.Quote(text)} {why}", "give a folder; it is made where it is missing");
        }

        return Path.GetFullPath(text);
    }
}
