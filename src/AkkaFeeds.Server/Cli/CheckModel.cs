using AkkaFeeds.Server.Cli.Sampling;
using AkkaFeeds.Server.Config;

namespace AkkaFeeds.Server.Cli;

/// <summary>What <c>check</c> found: the one model that its text and its JSON are made from.</summary>
internal sealed class CheckModel(string path, LoadedFile file)
{
    public string Path { get; } = path;

    public LoadedFile File { get; } = file;

    public List<SampleReport> Samples { get; } = [];

    public List<Explanation> Explanations { get; } = [];
}
