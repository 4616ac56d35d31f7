namespace AkkaFeeds.Harness;

/// <summary>
/// Takes PostgreSQL's answers to <c>COMMIT</c> away and resets the connection: the transaction is done, and who asked
/// for it is never told.
/// </summary>
/// <param name="most">How many answers are taken.</param>
public sealed class LostAnswers(int most)
{
    private static readonly byte[] Commit = "COMMIT\0"u8.ToArray();

    private int taken;

    /// <summary>How many answers that said <c>COMMIT</c> were taken.</summary>
    public int Taken => Volatile.Read(ref taken);

    /// <summary>Decides on some bytes of a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="isAnswer">Whether the server sent them.</param>
    public ProxyVerdict Decide(ProxiedConnection connection, ReadOnlySpan<byte> bytes, bool isAnswer)
    {
        if (!isAnswer)
        {
            connection.IsMarked |= bytes.IndexOf(Commit) >= 0;
            return ProxyVerdict.Pass;
        }

        // The server names the command that it has done in its answer.
        if (!connection.IsMarked || bytes.IndexOf(Commit) < 0)
        {
            return ProxyVerdict.Pass;
        }

        connection.IsMarked = false;
        return Interlocked.Increment(ref taken) <= most ? ProxyVerdict.Reset : ProxyVerdict.Pass;
    }
}
