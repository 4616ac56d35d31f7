using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AkkaFeeds.Harness;

/// <summary>A process started here: what it said, and its end, by its id and no other way.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int LinesMax = 400;
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Stop = 19;

    private readonly Process process;
    private readonly Queue<string> said = new();
    private readonly Queue<string> output = new();
    private readonly Queue<string> errors = new();
    private readonly Lock gate = new();
    private bool isDisposed;

    private ChildProcess(Process process) => this.process = process;

    /// <summary>Called with each line, on a thread of the pool.</summary>
    public event Action<string>? LineRead;

    /// <summary>The process id.</summary>
    public int Id => process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>Freezes it (SIGSTOP): its sockets stay open and nothing answers.</summary>
    public void Freeze() => _ = SendSignal(process.Id, Stop);

    /// <summary>Lets it go on (SIGCONT).</summary>
    public void Thaw() => _ = SendSignal(process.Id, Continue);

    /// <summary>Its exit code, as soon as it has ended. Waiting for it ends nothing.</summary>
    public async Task<int> ExitedAsync()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>The last lines that it wrote to stdout or stderr.</summary>
    public string Tail
    {
        get
        {
            lock (gate)
            {
                return string.Join('\n', said);
            }
        }
    }

    /// <summary>The last lines that it wrote to stdout alone.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (gate)
            {
                return [.. output];
            }
        }
    }

    /// <summary>The last lines that it wrote to stderr alone.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (gate)
            {
                return [.. errors];
            }
        }
    }

    /// <summary>Starts a program.</summary>
    public static ChildProcess Start(
        string file, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null,
        Action<string>? lineRead = null)
    {
        var start = new ProcessStartInfo(file)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = start });
        child.LineRead += lineRead;
        child.process.OutputDataReceived += (_, line) => child.Keep(line.Data, isError: false);
        child.process.ErrorDataReceived += (_, line) => child.Keep(line.Data, isError: true);
        child.process.Start();
        child.process.StandardInput.Close();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Ends it at once, as kill -9 does, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, as Ctrl+C does; kills it after <paramref name="patience"/>.</summary>
    /// <returns>Whether it ended by itself.</returns>
    /// <remarks>A test runner that was started in the background hands an ignored SIGINT down; SIGTERM takes its place
    /// then.</remarks>
    public Task<bool> InterruptAsync(TimeSpan patience) =>
        StopAsync(patience, Ignores(process.Id, Interrupt) ? Terminate : Interrupt);

    /// <summary>Asks it to end, as an orchestrator does; kills it after <paramref name="patience"/>.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public Task<bool> StopAsync(TimeSpan patience) => StopAsync(patience, Terminate);

    private async Task<bool> StopAsync(TimeSpan patience, int signal)
    {
        if (process.HasExited)
        {
            return true;
        }

        _ = SendSignal(process.Id, signal);
        try
        {
            await process.WaitForExitAsync().WaitAsync(patience);
            return true;
        }
        catch (TimeoutException)
        {
            await KillAsync();
            return false;
        }
    }

    /// <summary>Waits until it has ended by itself, and gives the exit code.</summary>
    /// <exception cref="TimeoutException">It runs on; it is killed then.</exception>
    public async Task<int> ExitAsync(TimeSpan limit)
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            await KillAsync();
            throw new TimeoutException(
                $"{process.StartInfo.FileName} did not end within {limit.TotalSeconds:F0} s\n{Tail}");
        }

        return process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A second time is no fault: what is thrown here would stand in place of what a test failed by.
        if (!isDisposed)
        {
            isDisposed = true;
            await KillAsync();
            process.Dispose();
        }
    }

    private void Keep(string? line, bool isError)
    {
        if (line is null)
        {
            return;
        }

        lock (gate)
        {
            Enqueue(said, line);
            Enqueue(isError ? errors : output, line);
        }

        LineRead?.Invoke(line);
    }

    private static void Enqueue(Queue<string> lines, string line)
    {
        lines.Enqueue(line);
        if (lines.Count > LinesMax)
        {
            lines.Dequeue();
        }
    }

    /// <summary>Whether a process ignores a signal, by the mask that Linux shows of it.</summary>
    private static bool Ignores(int processId, int signal)
    {
        const string Mask = "SigIgn:";
        var path = $"/proc/{processId}/status";
        var line = File.Exists(path)
            ? File.ReadLines(path).FirstOrDefault(each => each.StartsWith(Mask, StringComparison.Ordinal))
            : null;
        return line is not null
            && (Convert.ToUInt64(line[Mask.Length..].Trim(), 16) & (1UL << (signal - 1))) != 0;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
