namespace AkkaFeeds.Definitions.Files;

/// <summary>The rules of <c>auth.keys</c>.</summary>
internal static class AuthRules
{
    public static Kind<string> Keys { get; } = new TextKind<string>(Parse, static value => value)
    {
        Name = "a file or a URL", Example = "keys.json", Range = "a file that exists, or http(s)",
    };

    private static Parsed<string> Parse(string text, ReadScope scope)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return Addresses.IsReadUrl(text, out _) ? Parsed<string>.Good(text)
                : Parsed<string>.Bad("is not an http or https URL", "write the URL of a JWKS, or a file");
        }

        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal))
        {
            return Parsed<string>.Bad("is not a path", "write the URL of a JWKS, or a file");
        }

        var path = Path.GetFullPath(text, scope.Folder);
        return File.Exists(path) ? Parsed<string>.Good(path)
            : Parsed<string>.Bad("this file does not exist", "write the URL of a JWKS, or a file beside this one");
    }
}
