using System.Text.RegularExpressions;

namespace AkkaFeeds.Definitions.Files;

/// <summary>Keeps passwords and keys out of errors, logs and dumps.</summary>
public static partial class Secrets
{
    /// <summary>What is printed in the place of a secret.</summary>
    public const string Masked = "***";

    /// <summary>
    /// The value as it may be printed: <c>***</c> whole where the field's name tells a secret, else with the
    /// passwords of
    /// connection strings and of URLs replaced.
    /// </summary>
    /// <param name="field">The path of the field, such as <c>kafka.properties.sasl.password</c>.</param>
    /// <param name="value">The value as it stands.</param>
    public static string Mask(string field, string value)
    {
        if (value.Length == 0)
        {
            return value;
        }

        if (IsSecret(field))
        {
            return Masked;
        }

        var masked = NamedSecret().Replace(value, match => match.Groups["name"].Value + Masked);
        return UrlPassword().Replace(masked, match => match.Groups["before"].Value + Masked + "@");
    }

    /// <summary>Whether a field of this name holds a secret.</summary>
    /// <param name="field">The path or the property's name.</param>
    public static bool IsSecret(string field) => SecretName().IsMatch(field);

    [GeneratedRegex(
        @"passw|pwd|\bpsw|secret|jaas|oauthbearer[\W_]?config|key[\W_]?pem|keystore[\W_]?pem|credential"
        + @"|private[\W_]?key|user[\W_]?info",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    // A value in quotes may hold `;`: it is taken up to its closing quote, or to the end where that is missing.
    [GeneratedRegex(
        @"(?<name>\b[\w.]*(passw\w*|pwd|psw|passfile|secret\w*|jaas[\w.]*|key\.pem|keystore\.pem|credential\w*|user\.info)"
        + @"[""']?\s*[=:]\s*)('[^']*('|$)|""[^""]*(""|$)|[^;,}\s][^;,}]*)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NamedSecret();

    // Up to the last @: a password may hold one, a host may not.
    [GeneratedRegex(@"(?<before>://[^\s:/@]*:)\S+@", RegexOptions.CultureInvariant)]
    private static partial Regex UrlPassword();
}
