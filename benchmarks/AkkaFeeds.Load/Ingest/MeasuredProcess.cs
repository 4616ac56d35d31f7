namespace AkkaFeeds.Load;

/// <summary>How a measured process is run: what it finds in its environment, and whether it is sampled.</summary>
/// <param name="variables">From the command line.</param>
/// <param name="profiles">The folder of profiles, or empty for none.</param>
/// <param name="name">The name of this measurement, for its files.</param>
internal sealed class MeasuredProcess(IReadOnlyDictionary<string, string> variables, string profiles, string name)
{
    /// <summary>What is added to the environment.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment =>
        profiles.Length == 0 ? variables : variables.Concat(PerfProfile.Environment);

    /// <summary>Begins to sample the process, where that is wanted.</summary>
    public PerfProfile? Profile(int processId) =>
        profiles.Length == 0 ? null : PerfProfile.Start(profiles, name, processId);
}
