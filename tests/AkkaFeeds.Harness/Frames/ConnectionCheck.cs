using System.Text.Json;

namespace AkkaFeeds.Harness;

/// <summary>One connection: welcome first and once, nothing behind bye, and how it closes.</summary>
internal sealed class ConnectionCheck(int number, FrameContext context, long openedUnixMs)
{
    private bool isWelcomed;
    private int? bye;

    public int Number => number;

    public MarkCheck Marks { get; } = new(context, openedUnixMs);

    public ProgressCheck Progress { get; } = new(context, openedUnixMs);

    /// <summary>Whether a frame may come now; takes those that concern the connection alone.</summary>
    public bool MayCome(string op, JsonElement frame)
    {
        if (bye is not null)
        {
            context.Report("bye", $"{op} behind bye");
            return false;
        }

        if (!isWelcomed && op is not ("welcome" or "bye") && !(op == "error" && context.Rules.Authenticates))
        {
            context.Report("welcome", $"{op} before welcome");
        }

        switch (op)
        {
            case "welcome":
                context.ReportIf("welcome", isWelcomed ? "a second welcome" : null);
                isWelcomed = true;
                Marks.Clock(frame.GetProperty("now").GetInt64());
                break;
            case "bye":
                bye = frame.GetProperty("code").GetInt32();
                context.ReportIf(
                    "bye", bye == 4012 && !frame.TryGetProperty("url", out _) ? "4012 without url" : null);
                break;
            case "mark":
                Marks.Mark(frame.GetProperty("mark").GetInt64());
                break;
            case "pong":
                Marks.Clock(frame.GetProperty("now").GetInt64());
                Progress.Pong(frame);
                break;
        }

        return true;
    }

    public void Closed(int? code)
    {
        if (code is { } known && !FrameShapes.CloseCodes.Contains(known))
        {
            context.Report("close", $"closed with {code}");
        }

        if (bye is { } told && code is not null && code != told)
        {
            context.Report("close", $"bye said {told}, the close {code}");
        }
    }
}
