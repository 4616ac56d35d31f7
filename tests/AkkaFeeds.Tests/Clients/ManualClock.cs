namespace AkkaFeeds.Tests.Clients;

/// <summary>A clock that stands until it is moved; both of its hands move together.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long milliseconds = 1_000_000;

    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => Interlocked.Read(ref milliseconds);

    public override DateTimeOffset GetUtcNow() =>
        DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Read(ref milliseconds));

    public void Advance(TimeSpan by) => Interlocked.Add(ref milliseconds, (long)by.TotalMilliseconds);
}
