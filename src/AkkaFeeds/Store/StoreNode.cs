namespace AkkaFeeds.Store;

/// <summary>A node that lives on a store.</summary>
/// <param name="Address">Where the others reach it.</param>
/// <param name="Cluster">Its cluster, by the name of that cluster's oldest node.</param>
internal sealed record StoreNode(string Address, string Cluster);
