using Xunit.Abstractions;

// Tests here wait most of the time, for a server that starts or a partition that is given: three at once keep two
// cores busy. Those that flood a server are one collection, so that no two of them are at it in one moment.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
[assembly: TestCollectionOrderer("AkkaFeeds.IntegrationTests.ChainsFirst", "AkkaFeeds.IntegrationTests")]

namespace AkkaFeeds.IntegrationTests;

/// <summary>
/// Begins with the collections that have a name: they are several classes, one behind the other, and would still run
/// when all others have ended.
/// </summary>
public sealed class ChainsFirst : ITestCollectionOrderer
{
    private const string Unnamed = "Test collection for ";

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(each => each.DisplayName.StartsWith(Unnamed, StringComparison.Ordinal));
}
