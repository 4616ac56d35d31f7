namespace AkkaFeeds.Slots;

/// <content>What a slot tells itself.</content>
internal sealed partial class SlotActor
{
    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed class PublishDue
    {
        public static readonly PublishDue Instance = new();
    }

    private sealed class CutDue
    {
        public static readonly CutDue Instance = new();
    }

    private sealed class AskAgain
    {
        public static readonly AskAgain Instance = new();
    }

    private sealed record Highest(long SequenceNumber);

    private sealed record HighestFailed(Exception Cause);
}
