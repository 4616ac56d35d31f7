using System.Globalization;

namespace AkkaFeeds.Chaos;

/// <summary>The command line.</summary>
/// <param name="Faults">How many faults, over all rounds.</param>
/// <param name="Seed">What everything is drawn from.</param>
/// <param name="PerRound">How many faults one round of processes goes through.</param>
/// <param name="PerSecond">Records a second.</param>
/// <param name="Only">Rows of the matrix to draw from; empty for all.</param>
/// <param name="Report">Whether docs/reliability.md is written.</param>
/// <param name="Folder">Where the files of the rounds go.</param>
internal sealed record ChaosOptions(
    int Faults, int Seed, int PerRound, int PerSecond, IReadOnlyList<string> Only, bool Report, string Folder)
{
    public const string Usage =
        "usage: chaos [--faults N] [--seed N] [--round N] [--rate N] [--only F-03,F-14] [--report] [--folder PATH]";

    /// <summary>Reads the arguments; null where they are wrong.</summary>
    public static ChaosOptions? Parse(IReadOnlyList<string> arguments, string root)
    {
        var options = new ChaosOptions(25, 1, 25, 150, [], Report: false, Path.Combine(root, "artifacts", "chaos"));
        for (var index = 0; index < arguments.Count; index++)
        {
            var value = index + 1 < arguments.Count ? arguments[index + 1] : "";
            var number = int.TryParse(value, CultureInfo.InvariantCulture, out var parsed) && parsed > 0 ? parsed : 0;
            switch (arguments[index])
            {
                case "--report":
                    options = options with { Report = true };
                    continue;
                case "--faults" when number > 0:
                    options = options with { Faults = number };
                    break;
                case "--seed" when number > 0:
                    options = options with { Seed = number };
                    break;
                case "--round" when number > 0:
                    options = options with { PerRound = number };
                    break;
                case "--rate" when number > 0:
                    options = options with { PerSecond = number };
                    break;
                case "--only" when value.Length > 0:
                    options = options with { Only = value.Split(',') };
                    break;
                case "--folder" when value.Length > 0:
                    options = options with { Folder = Path.GetFullPath(value) };
                    break;
                default:
                    return null;
            }

            index++;
        }

        return options;
    }
}
