using System.IO.Pipelines;

namespace AkkaFeeds.Server.Edge;

/// <summary>The output of a connection; it takes nothing more once there is something to write instead.</summary>
internal sealed class ShutOutput(PipeWriter inner) : PipeWriter
{
    private byte[] thrownAway = [];

    /// <summary>What is written instead of all that follows; null for nothing.</summary>
    public byte[]? Instead { get; set; }

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override void Advance(int bytes)
    {
        if (Instead is null)
        {
            inner.Advance(bytes);
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) =>
        Instead is null ? inner.GetMemory(sizeHint) : Scratch(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) =>
        Instead is null ? inner.GetSpan(sizeHint) : Scratch(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        inner.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(
        ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        Instead is null ? inner.WriteAsync(source, cancellationToken) : inner.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private byte[] Scratch(int sizeHint) =>
        thrownAway.Length >= Math.Max(sizeHint, 1) ? thrownAway : thrownAway = new byte[Math.Max(sizeHint, 4096)];

    /// <summary>The transport with this output.</summary>
    internal sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
