using System.Data.Common;
using Npgsql;

namespace AkkaFeeds.Definitions.Files;

/// <summary>The rules of <c>store</c>.</summary>
internal static class StoreRules
{
    private const string Sqlite = "sqlite:";
    private const string Postgres = "postgres:";
    private const string Temporary = "temporary";
    private const string Forms = "write sqlite:PATH, postgres:CONNECTION STRING or temporary";

    public static Kind<StoreOptions> Kind { get; } =
        new TextKind<StoreOptions>(Parse, static store => store.ToString())
    {
        Name = "a store", Example = "sqlite:data/akkafeeds.db",
        Range = "sqlite:PATH, postgres:CONNECTION STRING, temporary",
    };

    private static Parsed<StoreOptions> Parse(string text, ReadScope scope)
    {
        if (text == Temporary)
        {
            return Parsed<StoreOptions>.Good(new StoreOptions { Kind = StoreKind.Temporary, Path = "" });
        }

        if (text.StartsWith(Sqlite, StringComparison.Ordinal))
        {
            return ParseSqlite(text[Sqlite.Length..].Trim(), scope);
        }

        if (text.StartsWith(Postgres, StringComparison.Ordinal))
        {
            return ParsePostgres(text[Postgres.Length..].Trim());
        }

        var word = text.Split(':')[0];
        return Parsed<StoreOptions>.Bad(
            "is not a store", Suggest.Nearest(word, ["sqlite", "postgres", Temporary]) is { } near && near != word
                ? $"did you mean {near}?" : Forms);
    }

    private static Parsed<StoreOptions> ParseSqlite(string path, ReadScope scope)
    {
        if (path.Length == 0 || path.Any(char.IsControl))
        {
            return Parsed<StoreOptions>.Bad("names no file", "write sqlite:PATH such as sqlite:data/akkafeeds.db");
        }

        var full = Path.GetFullPath(path, scope.Folder);
        return Directory.Exists(full) || Path.EndsInDirectorySeparator(full)
            ? Parsed<StoreOptions>.Bad("names a directory", "name a file in it")
            : Parsed<StoreOptions>.Good(new StoreOptions { Kind = StoreKind.Sqlite, Path = full });
    }

    private static Parsed<StoreOptions> ParsePostgres(string connection)
    {
        const string Form = "write postgres:Host=HOST;Database=NAME;Username=USER";
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = connection };
            if (!parts.ContainsKey("Host") && !parts.ContainsKey("Server"))
            {
                return Parsed<StoreOptions>.Bad("names no Host", Form);
            }

            return Unknown(parts) is { } unknown
                ? Parsed<StoreOptions>.Bad($"has a part that is not understood: {unknown}", Form)
                : Parsed<StoreOptions>.Good(
                    new StoreOptions { Kind = StoreKind.Postgres, Path = "", ConnectionString = connection });
        }
        catch (ArgumentException)
        {
            return Parsed<StoreOptions>.Bad("is not a connection string", Form);
        }
    }

    /// <summary>The first part that Npgsql does not take, by its name alone: its value may be a secret.</summary>
    private static string? Unknown(DbConnectionStringBuilder parts)
    {
        foreach (string name in parts.Keys)
        {
            try
            {
                _ = new NpgsqlConnectionStringBuilder { [name] = parts[name] };
            }
            catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException
                or InvalidCastException or NotSupportedException or KeyNotFoundException)
            {
                return name;
            }
        }

        return null;
    }
}
