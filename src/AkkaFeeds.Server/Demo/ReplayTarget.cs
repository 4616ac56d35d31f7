namespace AkkaFeeds.Server.Demo;

/// <summary>Where the replay goes, and how fast.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Properties">Further settings of the client, by librdkafka's names (security).</param>
/// <param name="Rate">Records a second.</param>
/// <param name="Backlog">How many records are sent at once, before the rate holds.</param>
internal sealed record ReplayTarget(
    string Topic, IReadOnlyDictionary<string, string> Properties, int Rate, int Backlog);
