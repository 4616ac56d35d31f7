namespace AkkaFeeds.Load;

/// <summary>What those who watch a key hold of it: the least and the most of it.</summary>
/// <param name="Holders">How many watch it.</param>
/// <param name="VersionMin">The lowest version held.</param>
/// <param name="VersionMax">The highest.</param>
/// <param name="CountMin">The least count of records, as the view says it.</param>
/// <param name="CountMax">The greatest.</param>
internal sealed record DriverKey(int Holders, long VersionMin, long VersionMax, long CountMin, long CountMax);
