using AkkaFeeds.Harness;

namespace AkkaFeeds.Tests.Harness.Frames;

/// <summary>Shows a recording to checkers, one a client.</summary>
internal static class FrameReplay
{
    public static List<FrameViolation> Violations(IReadOnlyList<FrameEvent> events, FrameSchema? schema = null)
    {
        var register = new ViewRegister();
        var checkers = new Dictionary<int, FrameChecker>();
        foreach (var each in events)
        {
            if (!checkers.TryGetValue(each.Client, out var checker))
            {
                checkers.Add(each.Client, checker = new(
                    $"client {each.Client}", new FrameRules { Schema = schema }, register));
            }

            switch (each.Kind)
            {
                case FrameEventKind.Opened:
                    checker.Opened(each.Connection, each.UnixMs, TimeSpan.Zero);
                    break;
                case FrameEventKind.Sent:
                    checker.Sent(each.Connection, each.Text, each.UnixMs);
                    break;
                case FrameEventKind.Received:
                    checker.Received(each.Connection, each.Text, each.UnixMs);
                    break;
                default:
                    checker.Closed(each.Connection, each.Text.Length == 0 ? null : int.Parse(each.Text), each.UnixMs);
                    break;
            }
        }

        foreach (var checker in checkers.Values)
        {
            checker.Finish();
        }

        return [.. checkers.Values.SelectMany(checker => checker.Violations)];
    }

    /// <summary>What the client held of the key before an event.</summary>
    public static HeldKey? HeldBefore(IReadOnlyList<FrameEvent> events, int index)
    {
        var (client, key) = (events[index].Client, (string)events[index].Json["key"]!);
        var checker = new FrameChecker("before", new(), new());
        foreach (var each in events.Take(index).Where(each => each.Client == client))
        {
            if (each.Kind == FrameEventKind.Opened)
            {
                checker.Opened(each.Connection, each.UnixMs, null);
            }
            else if (each.Kind == FrameEventKind.Sent)
            {
                checker.Sent(each.Connection, each.Text, each.UnixMs);
            }
            else if (each.Kind == FrameEventKind.Received)
            {
                checker.Received(each.Connection, each.Text, each.UnixMs);
            }
        }

        return checker.Keys.SingleOrDefault(held => held.Key == key);
    }
}
