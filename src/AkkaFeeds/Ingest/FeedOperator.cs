using Akka.Actor;
using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;
using AkkaFeeds.Ingest.Protocol;

namespace AkkaFeeds.Ingest;

/// <summary>Takes an operator's decisions to the ledgers, wherever they live.</summary>
/// <param name="ledgers">The ledgers' region.</param>
/// <param name="board">Knows which partitions wait for him.</param>
/// <param name="feeds">The feeds by name.</param>
/// <param name="topicIdOf">Kafka's id of a topic, or null before it is known.</param>
internal sealed class FeedOperator(
    IActorRef ledgers, FreshnessBoard board, IReadOnlyDictionary<string, ServedFeed> feeds,
    Func<string, string?> topicIdOf) : IFeedsOperator
{
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(8);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LostRecords>> LossesAsync(
        string feed, bool letGo, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(LanesHeldOf(feed).Select(async lane =>
            (Lane: lane, Range: await LossAsync(lane, letGo, cancellation).ConfigureAwait(false))))
            .ConfigureAwait(false);
        return [.. answers
            .Select(answer => new LostRecords(
                answer.Lane.Topic, answer.Lane.Partition, answer.Range.FromInclusive, answer.Range.ToExclusive))
            .OrderBy(lost => lost.Topic, StringComparer.Ordinal).ThenBy(lost => lost.Partition)];
    }

    private async Task<OffsetRange> LossAsync(LaneId lane, bool letGo, CancellationToken cancellation)
    {
        try
        {
            var loss = await ledgers.Ask<LedgerMessages.Loss>(
                new LedgerMessages.GetLoss(lane, letGo), AnswersWithin, cancellation).ConfigureAwait(false);
            return loss.Range ?? throw new NotReadyException(
                $"the reading of {lane.Topic}/{lane.Partition} is about to end or to go on: ask again in a second");
        }
        catch (AskTimeoutException timeout)
        {
            throw new NotReadyException($"the ledger of {lane} does not answer", timeout);
        }
    }

    private IEnumerable<LaneId> LanesHeldOf(string feed) =>
        from held in board.Of(feed).HeldBack(FeedBoard.LostRange)
        let topicId = topicIdOf(held.Topic)
        where topicId is not null
        select new LaneId(feed, feeds[feed].Generation, topicId, held.Topic, held.Partition);
}
