namespace AkkaFeeds.LogOracle.Checks;

/// <summary>One inequality.</summary>
/// <param name="Message">What was expected, what came, for which key and when.</param>
/// <param name="Slice">The lines of the history around it.</param>
public sealed record Finding(string Message, IReadOnlyList<string> Slice);
