namespace AkkaFeeds.IntegrationTests.Stores;

/// <summary>Tests of stores run one after the other: some stop the database.</summary>
[CollectionDefinition(StoreServers.Collection)]
public sealed class StoresCollection : ICollectionFixture<StoreServers>;
