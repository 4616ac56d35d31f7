using System.Globalization;
using AkkaFeeds.Harness;
using AkkaFeeds.LogOracle;
using Npgsql;

namespace AkkaFeeds.Chaos.World;

/// <summary>
/// Notes every row that comes into the journal, also those that clean-up takes away again: a trigger in the database,
/// so that no writer can pass it by.
/// </summary>
internal static class JournalAudit
{
    /// <summary>Begins, once the journal is there; what is in it already is noted too.</summary>
    public static Task BeginAsync(PostgresServer postgres, string database) => postgres.ExecuteAsync(database, """
        CREATE TABLE journal_audit (serial bigserial PRIMARY KEY, id text, number bigint, writer text);
        CREATE FUNCTION journal_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          INSERT INTO journal_audit (id, number, writer) VALUES (NEW.persistence_id, NEW.sequence_number, NEW.writer_uuid);
          RETURN NULL; END $$;
        BEGIN;
        LOCK TABLE journal IN SHARE ROW EXCLUSIVE MODE;
        INSERT INTO journal_audit (id, number, writer)
          SELECT persistence_id, sequence_number, writer_uuid FROM journal ORDER BY persistence_id, sequence_number;
        CREATE TRIGGER journal_note AFTER INSERT ON journal FOR EACH ROW EXECUTE FUNCTION journal_note();
        COMMIT;
        """);

    /// <summary>Writes what was noted into the run's folder.</summary>
    public static async Task WriteAsync(PostgresServer postgres, string database, RunFolder folder)
    {
        await using var connection = await postgres.OpenAsync(database);
        await using var command = new NpgsqlCommand(
            "SELECT id, number, writer FROM journal_audit ORDER BY serial", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await using var file = new StreamWriter(folder.Journal, append: false);
        while (await reader.ReadAsync())
        {
            await file.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{reader.GetString(0)}\t{reader.GetInt64(1)}\t{(reader.IsDBNull(2) ? "" : reader.GetString(2))}"));
        }
    }
}
