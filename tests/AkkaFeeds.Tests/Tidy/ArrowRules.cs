using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AkkaFeeds.Tests.Tidy;

/// <summary>
/// Who may know whom: projects by their references, the stages of the engine by the types that they name.
/// </summary>
internal static class ArrowRules
{
    public const string Engine = "src/AkkaFeeds";

    private static readonly string[] Stages =
        ["Definitions", "Ingest", "Slots", "Entities", "Relays", "Clients", "Freshness", "Nodes"];

    /// <summary>
    /// A definition is what a feed is; whoever reads records or folds them has to know it. Its aggregates in turn are
    /// made of the state of a key, which is pure and knows nothing of a slot. The board of freshness is where lanes
    /// report
    /// and slots and relays ask; it names none of them. A slot is the parent of the entities of its watched keys.
    /// Nodes tell each other what stands on their boards, and know the roles of the file.
    /// </summary>
    private static readonly (string From, string To)[] StageArrows =
    [
        ("Ingest", "Definitions"), ("Slots", "Definitions"), ("Definitions", "Slots.Keys"),
        ("Slots", "Entities"), ("Ingest", "Freshness"), ("Slots", "Freshness"), ("Relays", "Freshness"),
        ("Nodes", "Freshness"), ("Nodes", "Definitions"),
    ];

    private static readonly Dictionary<string, string[]> ProjectArrows = new()
    {
        ["AkkaFeeds.Contracts"] = [],
        ["AkkaFeeds.Kafka"] = [],
        ["AkkaFeeds"] = ["AkkaFeeds.Contracts", "AkkaFeeds.Kafka"],
        ["AkkaFeeds.Shell"] = ["AkkaFeeds.Contracts"],
        ["AkkaFeeds.Server"] = ["AkkaFeeds", "AkkaFeeds.Contracts", "AkkaFeeds.Shell"],
    };

    private static readonly string[] ForeignToContracts = ["Akka", "Microsoft.AspNetCore", "Confluent", "Serilog"];

    public static IEnumerable<Violation> CheckProject(string path, string xml)
    {
        var project = Path.GetFileNameWithoutExtension(path);
        var items = XDocument.Parse(xml).Descendants().ToLookup(
            element => element.Name.LocalName, element => (string?)element.Attribute("Include") ?? "");
        if (!ProjectArrows.TryGetValue(project, out var allowed))
        {
            yield return new("project-arrow", path, 1, $"{project} has no place among the arrows");
            yield break;
        }

        foreach (var reference in items["ProjectReference"].Select(Path.GetFileNameWithoutExtension).OfType<string>())
        {
            if (!allowed.Contains(reference))
            {
                yield return new("project-arrow", path, 1, $"{project} may not know {reference}");
            }
        }

        foreach (var package in items["PackageReference"].Concat(items["FrameworkReference"]))
        {
            var outOfPlace = project == "AkkaFeeds.Contracts"
                ? ForeignToContracts.Any(foreign => package.StartsWith(foreign, StringComparison.Ordinal))
                : project != "AkkaFeeds.Server"
                    && package.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal);
            if (outOfPlace)
            {
                yield return new("package-arrow", path, 1, $"{project} may not use {package}");
            }
        }
    }

    /// <summary>
    /// The projects that one may not know, directly or by way of another: what proves from outside must not share the
    /// code that it judges.
    /// </summary>
    /// <param name="project">The path of the project file.</param>
    /// <param name="read">Gives the text of a project file.</param>
    public static IEnumerable<Violation> CheckIndependence(string project, Func<string, string> read)
    {
        var seen = new HashSet<string>();
        var open = new Queue<string>([project]);
        while (open.TryDequeue(out var path))
        {
            if (path.StartsWith("src/", StringComparison.Ordinal))
            {
                yield return new("independence", project, 1, $"it may know nothing of src/, and knows {path}");
            }

            if (!seen.Add(path))
            {
                continue;
            }

            var xml = XDocument.Parse(read(path));
            foreach (var include in xml.Descendants()
                .Where(element => element.Name.LocalName is "ProjectReference" or "Compile" or "Reference")
                .Select(element => (string?)(element.Attribute("Include") ?? element.Attribute("HintPath")) ?? "")
                .Where(include => include.Contains('/', StringComparison.Ordinal)))
            {
                var target = Path.GetRelativePath("/", Path.GetFullPath(
                    Path.Combine("/", Path.GetDirectoryName(path)!, include)));
                if (target.EndsWith(".csproj", StringComparison.Ordinal))
                {
                    open.Enqueue(target);
                }
                else if (target.StartsWith("src/", StringComparison.Ordinal))
                {
                    yield return new("independence", project, 1, $"it may know nothing of src/, and takes {target}");
                }
            }
        }
    }

    public static IEnumerable<Violation> CheckStages(IReadOnlyCollection<SourceFile> files)
    {
        var engine = files.Where(file => file.IsUnder(Engine)).ToLookup(StageOf);
        var names = Stages.ToDictionary(
            stage => stage, stage => engine[stage].SelectMany(file => Outline.Of(file).Types)
                .Select(type => type.Name).ToHashSet());
        return
            from stage in Stages
            from file in engine[stage]
            from other in Stages
            where other != stage
            from violation in Names(file, stage, other, names[other])
            select violation;
    }

    private static IEnumerable<Violation> Names(SourceFile file, string stage, string other, HashSet<string> types)
    {
        var import = new Regex($@"\bAkkaFeeds\.(?<space>{other}(\.\w+)*)");
        var qualified = new Regex($@"(?<![\w.]){other}\.(?<type>\w+)");
        for (var index = 0; index < file.CodeLines.Length; index++)
        {
            var line = file.CodeLines[index];
            if (import.Matches(line).Any(match => !Allowed(stage, match.Groups["space"].Value))
                || (!Allowed(stage, other)
                    && qualified.Matches(line).Any(match => types.Contains(match.Groups["type"].Value))))
            {
                yield return new("stage-arrow", file.Path, index + 1, $"{stage} names {other}: {line.Trim()}");
            }
        }
    }

    private static bool Allowed(string stage, string space) =>
        StageArrows.Any(arrow =>
            arrow.From == stage && (space + ".").StartsWith(arrow.To + ".", StringComparison.Ordinal));

    private static string StageOf(SourceFile file)
    {
        var parts = file.Path[(Engine.Length + 1)..].Split('/');
        return parts.Length > 1 ? parts[0] : "";
    }
}
