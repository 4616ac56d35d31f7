using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>One client after the other, each a source of fuzzed frames; all that comes back is checked.</summary>
internal sealed class FuzzWorker(EdgeServer edge, int seed, string schemaText)
{
    /// <summary>How many frames are sent before their answers are read.</summary>
    public const int Batch = 20;

    private readonly FrameSchema schema = FrameSchema.Parse(schemaText);
    private readonly FrameFuzzer fuzzer = new(seed);
    private readonly Random random = new(seed);
    private RawSocket? socket;
    private long pings;

    /// <summary>What broke a rule.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>How many frames of each op came, and how often each close code.</summary>
    public SortedDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>Sends one batch, and reads what answers it.</summary>
    public async Task StepAsync()
    {
        socket ??= await ConnectAsync();
        var isWire = random.Next(5) == 0;
        var wire = new List<byte>();
        for (var number = 1; number < Batch; number++)
        {
            wire.AddRange(fuzzer.Object());
        }

        wire.AddRange(isWire ? fuzzer.Wire() : fuzzer.Wild());
        var ping = ++pings + 1_000_000_000;
        wire.AddRange(RawSocket.Frame($$"""{"op":"ping","t":{{ping}}}"""));
        var sending = SendAsync(socket, wire.ToArray(), isWire);
        if (isWire && random.Next(3) == 0)
        {
            await sending;
            socket.Abort();
        }

        var isOpen = await ReadAsync(ping, isWire);
        await sending;
        if (!isOpen || isWire)
        {
            await CloseAsync();
        }
    }

    public async Task CloseAsync()
    {
        if (socket is not null)
        {
            await socket.DisposeAsync();
            socket = null;
        }
    }

    private async Task<RawSocket> ConnectAsync()
    {
        Count("connections");
        return await edge.ConnectAsync();
    }

    // What is no frame may be the begin of one that never ends: the server is told that no more comes.
    private static async Task SendAsync(RawSocket socket, byte[] wire, bool isLast)
    {
        if (await socket.SendAsync(wire) && isLast)
        {
            socket.ShutdownSending();
        }
    }

    private async Task<bool> ReadAsync(long ping, bool isWire)
    {
        var byes = new List<int>();
        while (true)
        {
            var (text, code) = await socket!.NextAsync();
            if (text is null)
            {
                Ended(code, byes, isWire);
                return false;
            }

            using var frame = JsonDocument.Parse(text);
            var op = Check(frame.RootElement, text);
            if (op == "bye")
            {
                byes.Add(frame.RootElement.GetProperty("code").GetInt32());
            }
            else if (op == "pong" && frame.RootElement.TryGetProperty("t", out var t) && t.GetInt64() == ping)
            {
                return true;
            }
        }
    }

    private void Ended(int? code, List<int> byes, bool isWire)
    {
        Count($"closed {code}");
        var isRight = isWire
            ? byes.Count <= 1 && (code is null || byes.Count == 0 || byes[0] == code)
            : code is 4000 or 1009 ? byes.Count == 1 && byes[0] == code : code == 1007 && byes.Count == 0;
        if (!isRight)
        {
            Violate($"closed with {code} after byes {string.Join(',', byes)}");
        }
    }

    private string Check(JsonElement frame, string text)
    {
        var op = RawSocket.Op(frame);
        Count(op == "error" ? $"error {frame.GetProperty("code").GetString()}" : op);
        if (schema.Find($"#/$defs/{op}", frame) is { } wrong)
        {
            Violate($"{wrong}: {text}");
        }

        if (text.Contains("   at ", StringComparison.Ordinal) || text.Contains("Exception", StringComparison.Ordinal)
            || text.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            Violate($"it shows what is inside: {text}");
        }

        return op;
    }

    private void Count(string what) => Counts[what] = Counts.GetValueOrDefault(what) + 1;

    private void Violate(string what)
    {
        if (Violations.Count < 20)
        {
            Violations.Add(what);
        }
    }
}
