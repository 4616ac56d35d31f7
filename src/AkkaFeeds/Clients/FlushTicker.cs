using System.Collections.Concurrent;
using Akka.Actor;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Clients;

/// <summary>
/// The one clock of all clients of a node: wakes the busy ones when their next flush is due, so that what changed
/// meanwhile is one write, and tells each of them the second. A timer a client would cost more than most of them send;
/// all of them in one instant would wait for one another, so the time between two flushes has several turns.
/// </summary>
/// <param name="every">The time between two flushes of a busy client.</param>
/// <param name="clock">The clock.</param>
/// <param name="progress">How far the feeds are.</param>
internal sealed class FlushTicker(TimeSpan every, TimeProvider clock, IFeedProgress progress) : IDisposable
{
    private const int TurnMillisecondsMin = 5;
    private const int TurnsMax = 10;

    // What progress says of the feeds may be so old.
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(100);

    // One more than the turns of a flush, so that the farthest is not the one that is under way.
    private readonly ConcurrentQueue<(IActorRef Client, object Message)>[] turns = [..
        Enumerable.Range(0, TurnsOf(every) + 1).Select(_ => new ConcurrentQueue<(IActorRef, object)>())];

    private readonly double turnMilliseconds = every.TotalMilliseconds / TurnsOf(every);
    private readonly SpreadSeconds<IActorRef> seconds = new(
        clock, client => client.Tell(ClientActor.Second.Instance));

    private readonly ConcurrentDictionary<string, byte[]> frames = new(StringComparer.Ordinal);
    private ITimer? flushes;
    private ITimer? frameTimes;
    private int turn;

    /// <summary>How much waits to be told.</summary>
    public int Waiting => turns.Sum(turn => turn.Count);

    /// <summary>Begins.</summary>
    public void Start()
    {
        var turnTime = TimeSpan.FromMilliseconds(turnMilliseconds);
        flushes = clock.CreateTimer(_ => Turn(), null, turnTime, turnTime);
        frameTimes = clock.CreateTimer(_ => frames.Clear(), null, FrameTime, FrameTime);
        seconds.Start();
    }

    /// <summary>
    /// Tells a client something with the first turn that comes after a time, or a time between two flushes.
    /// </summary>
    public void TellLater(IActorRef client, object message, long milliseconds)
    {
        var ahead = (int)Math.Clamp(Math.Ceiling(milliseconds / turnMilliseconds), 1, turns.Length - 1);
        turns[(Volatile.Read(ref turn) + ahead) % turns.Length].Enqueue((client, message));
    }

    /// <summary>The next turn: wakes who waits for it.</summary>
    public void Turn()
    {
        var due = (turn + 1) % turns.Length;
        Volatile.Write(ref turn, due);
        var waiting = turns[due];
        for (var count = waiting.Count; count > 0 && waiting.TryDequeue(out var next); count--)
        {
            next.Client.Tell(next.Message);
        }
    }

    /// <summary>Tells a client every second.</summary>
    public void Add(IActorRef client) => seconds.Add(client);

    /// <summary>Does so no more.</summary>
    public void Remove(IActorRef client) => seconds.Remove(client);

    /// <summary>
    /// The progress frame of these feeds. Those who watch the same share what it says of the feeds for a moment; its
    /// `now` is each one's own, because clients measure the server's clock by it.
    /// </summary>
    /// <param name="names">The feeds' names with a space between them.</param>
    /// <param name="until">What was read later has not been shown to this client, Unix ms.</param>
    public ReadOnlySpan<byte> Progress(string names, long until = long.MaxValue) => ControlFrames.Progress(
        until == long.MaxValue
            ? frames.GetOrAdd(
                names, static (key, from) => ControlFrames.ProgressOf(key.Split(' '), from, long.MaxValue), progress)
            : ControlFrames.ProgressOf(names.Split(' '), progress, until),
        clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Up to where all of these feeds have been read, Unix ms.</summary>
    public long ReadUntil(string names) => names.Split(' ').Min(name => progress.Of(name).At);

    /// <inheritdoc/>
    public void Dispose()
    {
        flushes?.Dispose();
        frameTimes?.Dispose();
        seconds.Dispose();
    }

    private static int TurnsOf(TimeSpan every) =>
        (int)Math.Clamp(every.TotalMilliseconds / TurnMillisecondsMin, 1, TurnsMax);
}
