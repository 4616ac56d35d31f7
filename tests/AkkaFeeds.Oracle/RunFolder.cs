namespace AkkaFeeds.LogOracle;

/// <summary>The files of one run. All but the facts are lines of fields that tabs divide.</summary>
public sealed class RunFolder
{
    /// <summary>Takes a folder, and makes it where it is missing.</summary>
    public RunFolder(string path)
    {
        FullName = Path.GetFullPath(path);
        Directory.CreateDirectory(FullName);
    }

    /// <summary>Its path.</summary>
    public string FullName { get; }

    /// <summary><see cref="RunFacts"/>.</summary>
    public string Facts => Of("run.json");

    /// <summary>The log as the oracle read it: partition, offset, value.</summary>
    public string Log => Of("log.tsv");

    /// <summary>What was sent: <see cref="SendLine"/>.</summary>
    public string Sends => Of("sends.tsv");

    /// <summary>What clients saw: <see cref="FrameLine"/>.</summary>
    public string History => Of("history.tsv");

    /// <summary>What nodes answered and clients held at the end: <see cref="AnswerLine"/>.</summary>
    public string Answers => Of("answers.tsv");

    /// <summary>Each insert into the journal: persistence id, sequence number, writer.</summary>
    public string Journal => Of("journal.tsv");

    /// <summary>Commits of the groups, now and then: Unix ms, group, partition, offset.</summary>
    public string Commits => Of("commits.tsv");

    /// <summary>
    /// Cuts of the log behind the commits, while no node ran: Unix ms, partition, offset, what came of it.
    /// </summary>
    public string Cuts => Of("cuts.tsv");

    /// <summary>Records that a node cannot account for, at rest: node, unaccounted, lag.</summary>
    public string Unaccounted => Of("unaccounted.tsv");

    /// <summary>What the oracle found.</summary>
    public string Verdict => Of("oracle.json");

    /// <summary>A file in it.</summary>
    public string Of(string name) => Path.Combine(FullName, name);

    /// <summary>The lines of one of its files, by fields; none where the file is missing.</summary>
    public static IEnumerable<string[]> Lines(string file) =>
        File.Exists(file) ? File.ReadLines(file).Where(line => line.Length > 0).Select(line => line.Split('\t')) : [];
}
