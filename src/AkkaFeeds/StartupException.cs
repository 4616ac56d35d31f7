namespace AkkaFeeds;

/// <summary>
/// Why the process cannot start or go on, in the words of its one line on stderr: <c>akkafeeds: what: why; way
/// out</c>.
/// Whoever throws it says what an operator can do; the process prints the line and ends with the exit code.
/// </summary>
public sealed class StartupException : Exception
{
    /// <summary>Failed, unready, unequal.</summary>
    public const int Failed = 1;

    /// <summary>Usage or bad input.</summary>
    public const int BadInput = 2;

    /// <summary>Something that the process needs cannot be reached.</summary>
    public const int Unreachable = 3;

    /// <summary>Not allowed, or unsafe without a confirmation.</summary>
    public const int Refused = 4;

    /// <summary>Makes the error.</summary>
    /// <param name="what">What it is about, such as <c>store sqlite:data/feeds.db</c>.</param>
    /// <param name="why">What is wrong with it.</param>
    /// <param name="wayOut">What to do.</param>
    /// <param name="exitCode">1 to 4, one of the constants of this class.</param>
    /// <param name="inner">The cause, for logs; never printed.</param>
    public StartupException(string what, string why, string wayOut, int exitCode = Failed, Exception? inner = null)
        : base($"{what}: {why}; {wayOut}", inner)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exitCode, Failed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(exitCode, Refused);
        What = what;
        Why = why;
        WayOut = wayOut;
        ExitCode = exitCode;
    }

    /// <summary>What it is about.</summary>
    public string What { get; }

    /// <summary>What is wrong with it.</summary>
    public string Why { get; }

    /// <summary>What to do.</summary>
    public string WayOut { get; }

    /// <summary>The exit code of the process.</summary>
    public int ExitCode { get; }
}
