using Akka.Actor;
using AkkaFeeds.Contracts;
using AkkaFeeds.Kafka;

namespace AkkaFeeds.Ingest;

/// <summary>What a partition's actor knows of one of its lanes.</summary>
internal sealed class PartitionLane(LaneId id, IActorRef actor, int group)
{
    /// <summary>The lane.</summary>
    public LaneId Id { get; } = id;

    /// <summary>Its actor.</summary>
    public IActorRef Actor { get; } = actor;

    /// <summary>Which of the partition's decodings is its.</summary>
    public int Group { get; } = group;

    /// <summary>The fetch generation that it last asked for; -1 before the first time.</summary>
    public int FetchGeneration { get; set; } = -1;

    /// <summary>Whether it waits for an operator, and for no records.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Where it stands.</summary>
    public long Position { get; set; }

    /// <summary>Its floor, once one has risen; -1 before.</summary>
    public long Floor { get; set; } = -1;

    /// <summary>The leader epoch at its floor.</summary>
    public int LeaderEpoch { get; set; } = -1;

    /// <summary>Whether it takes its records from the shared reading.</summary>
    public bool IsJoined { get; set; }

    /// <summary>The number of the side reading that serves it, or -1.</summary>
    public int SideReader { get; set; } = -1;

    /// <summary>The control of that reading.</summary>
    public IConsumerControl? SideControl { get; set; }

    /// <summary>Whom to acknowledge the side reading's batch that the lane has been given, or null.</summary>
    public IActorRef? SideSender { get; set; }
}
