using System.Buffers;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Clients;

/// <summary>
/// The frames that are no views (product.md, section 6). Each stands in a buffer of its thread, until the next one.
/// </summary>
internal static class ControlFrames
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

    public static ReadOnlySpan<byte> Welcome(string session, long now, int subscriptions, long frameBytes)
    {
        var (text, buffer) = New();
        text.Raw("{\"op\":\"welcome\",\"session\":"u8);
        text.String(session);
        text.Raw(",\"now\":"u8);
        text.Number(now);
        text.Raw(",\"limits\":{\"subscriptions\":"u8);
        text.Number(subscriptions);
        text.Raw(",\"frameBytes\":"u8);
        text.Number(frameBytes);
        text.Raw("}}"u8);
        return buffer.WrittenSpan;
    }

    public static ReadOnlySpan<byte> Error(ClientCommands.Refused refused)
    {
        var (text, buffer) = New();
        text.Raw("{\"op\":\"error\",\"code\":"u8);
        text.String(refused.Code);
        text.Raw(",\"message\":"u8);
        text.String(refused.Message);
        Named(text, refused.Feed, refused.Key, refused.Id);
        text.Raw("}"u8);
        return buffer.WrittenSpan;
    }

    public static ReadOnlySpan<byte> Unsubscribed(string feed, string? key, string? id)
    {
        var (text, buffer) = New();
        text.Raw("{\"op\":\"unsubscribed\""u8);
        Named(text, feed, key, id);
        text.Raw("}"u8);
        return buffer.WrittenSpan;
    }

    public static ReadOnlySpan<byte> Pong(long? time, long now)
    {
        var (text, buffer) = New();
        text.Raw("{\"op\":\"pong\""u8);
        if (time is { } sent)
        {
            text.Raw(",\"t\":"u8);
            text.Number(sent);
        }

        text.Raw(",\"now\":"u8);
        text.Number(now);
        text.Raw("}"u8);
        return buffer.WrittenSpan;
    }

    public static ReadOnlySpan<byte> Bye(int code, string reason, long? retryAfterMilliseconds)
    {
        var (text, buffer) = New();
        text.Raw("{\"op\":\"bye\",\"code\":"u8);
        text.Number(code);
        text.Raw(",\"reason\":"u8);
        text.String(reason);
        if (retryAfterMilliseconds is { } retry)
        {
            text.Raw(",\"retryAfter\":"u8);
            text.Number(retry);
        }

        text.Raw("}"u8);
        return buffer.WrittenSpan;
    }

    public static ReadOnlySpan<byte> Progress(ReadOnlySpan<byte> feeds, long now)
    {
        var (text, buffer) = New();
        text.Raw("{\"op\":\"progress\",\"feeds\":"u8);
        text.Raw(feeds);
        text.Raw(",\"now\":"u8);
        text.Number(now);
        text.Raw("}"u8);
        return buffer.WrittenSpan;
    }

    /// <summary>What a progress frame says of its feeds.</summary>
    public static byte[] ProgressOf(IEnumerable<string> feeds, IFeedProgress progress, long until)
    {
        var (text, buffer) = New();
        text.Raw("{"u8);
        var isFirst = true;
        foreach (var feed in feeds)
        {
            var (at, state) = progress.Of(feed);
            text.Raw(isFirst ? ""u8 : ","u8);
            text.String(feed);
            text.Raw(":{\"at\":"u8);
            text.Number(Math.Min(at, until));
            text.Raw(",\"state\":\""u8);
            text.Raw(FrameText.WordOf(state));
            text.Raw("\"}"u8);
            isFirst = false;
        }

        text.Raw("}"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Named(FrameText text, string? feed, string? key, string? id)
    {
        Member(text, ",\"feed\":"u8, feed);
        Member(text, ",\"key\":"u8, key);
        Member(text, ",\"id\":"u8, id);
    }

    private static void Member(FrameText text, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            text.Raw(name);
            text.String(value);
        }
    }

    private static (FrameText Text, ArrayBufferWriter<byte> Buffer) New()
    {
        var buffer = scratch ??= new ArrayBufferWriter<byte>(512);
        buffer.ResetWrittenCount();
        return (new FrameText(buffer), buffer);
    }
}
