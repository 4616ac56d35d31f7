using AkkaFeeds.Harness;
using Microsoft.Data.Sqlite;

namespace AkkaFeeds.Chaos.World;

/// <summary>A small file system over a folder, which can be filled: it wants the privilege to mount one.</summary>
internal sealed class DiskLimit : IDisposable
{
    private const string Size = "24m";

    private readonly string folder;
    private bool isMounted = true;

    private DiskLimit(string folder) => this.folder = folder;

    private string Ballast => Path.Combine(folder, "ballast");

    /// <summary>Mounts one; null where this user may not.</summary>
    public static DiskLimit? TryMake(string folder)
    {
        Directory.CreateDirectory(folder);
        return Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", $"size={Size}", "tmpfs", folder)
            ? new(folder) : null;
    }

    /// <summary>
    /// Empties the write-ahead log of SQLite's database in it: SQLite writes on in the pages that the log has, and a
    /// full disk would not matter to it for a long time. Gives whether that was done: a reader or a writer may be in
    /// the way.
    /// </summary>
    public bool TryEmptyLog()
    {
        foreach (var database in Directory.EnumerateFiles(folder, "*.db"))
        {
            using var connection = new SqliteConnection($"Data Source={database};Mode=ReadWrite;Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA busy_timeout = 2000";
            command.ExecuteNonQuery();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            using var row = command.ExecuteReader();
            if (!row.Read() || row.GetInt32(0) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Fills it to the last byte; gives how many bytes that took.</summary>
    public long Fill()
    {
        var written = 0L;
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var block = new byte[4_096];
        try
        {
            while (true)
            {
                file.Write(block);
                written += block.Length;
            }
        }
        catch (IOException)
        {
            return written;
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Free() => File.Delete(Ballast);

    public void Dispose()
    {
        if (isMounted)
        {
            isMounted = false;
            Run("umount", "-l", folder);
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
