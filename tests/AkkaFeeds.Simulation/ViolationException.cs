namespace AkkaFeeds.Simulation;

/// <summary>The check found something that must never be.</summary>
internal sealed class ViolationException(string message) : Exception(message);

/// <summary>Code of the slot fails, in the middle of a fold (rule 12).</summary>
internal sealed class CodeFailureException() : Exception("code of the slot failed");
