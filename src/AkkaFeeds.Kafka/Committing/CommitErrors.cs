using Confluent.Kafka;

namespace AkkaFeeds.Kafka.Committing;

internal static class CommitErrors
{
    /// <summary>Whose failure it is. Unknown codes are fatal: trying them again for ever would hide them.</summary>
    public static CommitFailureKind Classify(ErrorCode code) => code switch
    {
        ErrorCode.Local_State or ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId or ErrorCode.Local_Fenced
            or ErrorCode.FencedInstanceId or ErrorCode.Local_UnknownPartition or ErrorCode.Local_AssignmentLost
            => CommitFailureKind.NotOwner,
        ErrorCode.RebalanceInProgress or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.NotCoordinatorForGroup
            or ErrorCode.GroupLoadInProgress or ErrorCode.RequestTimedOut or ErrorCode.Local_TimedOut
            or ErrorCode.Local_TimedOutQueue or ErrorCode.Local_MsgTimedOut or ErrorCode.Local_Transport
            or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_WaitCoord or ErrorCode.NetworkException
            or ErrorCode.Local_Resolve or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend
            or ErrorCode.LeaderNotAvailable or ErrorCode.NotLeaderForPartition or ErrorCode.UnknownTopicOrPart
            or ErrorCode.Local_InProgress or ErrorCode.Local_PrevInProgress or ErrorCode.StaleMemberEpoch
            or ErrorCode.UnstableOffsetCommit or ErrorCode.BrokerNotAvailable or ErrorCode.Local_Retry
            => CommitFailureKind.Retriable,
        _ => CommitFailureKind.Fatal,
    };
}
