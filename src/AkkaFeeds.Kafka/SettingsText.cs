namespace AkkaFeeds.Kafka;

/// <summary>Settings as text that may be logged.</summary>
internal static class SettingsText
{
    private static readonly string[] Secret =
        ["password", "secret", "token", "key.pem", "credential", "sasl.jaas", "oauthbearer"];

    public static string Of(IEnumerable<KeyValuePair<string, string>> properties) => string.Join(
        ", ",
        properties.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key}={Shown(each)}"));

    private static string Shown(KeyValuePair<string, string> property) =>
        Secret.Any(part => property.Key.Contains(part, StringComparison.OrdinalIgnoreCase)) ? "***" : property.Value;
}
