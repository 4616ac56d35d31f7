namespace AkkaFeeds.Definitions.Vectors;

/// <summary>How one vector came out.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Failures">What differs, one line each; none where it passed.</param>
public sealed record VectorResult(string Name, IReadOnlyList<string> Failures)
{
    /// <summary>Whether everything was as expected.</summary>
    public bool Passed => Failures.Count == 0;
}
