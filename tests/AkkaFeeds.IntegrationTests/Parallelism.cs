// Tests here wait most of the time, for a server that starts or a partition that is given: three at once keep two cores
// busy. Those that flood a server are one collection, so that no two of them are at it in one moment.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
