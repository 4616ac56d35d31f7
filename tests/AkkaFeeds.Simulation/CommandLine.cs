namespace AkkaFeeds.Simulation;

/// <summary>What the program is asked to do.</summary>
internal sealed record CommandLine(int Seeds, ulong From, ulong? Seed, bool Trace, bool AllDefects, Defect Defect)
{
    private const string Usage =
        "AkkaFeeds.Simulation [--seeds N] [--from N] [--defect NAME | --defects] | --seed N [--trace] [--defect NAME]";

    /// <summary>Reads the arguments; null where they are wrong, which it says.</summary>
    public static CommandLine? Parse(string[] args)
    {
        var line = new CommandLine(1_000, 1, null, false, false, Defect.None);
        for (var index = 0; index < args.Length; index++)
        {
            var value = index + 1 < args.Length ? args[index + 1] : "";
            switch (args[index])
            {
                case "--seeds" when int.TryParse(value, out var seeds) && seeds > 0:
                    line = line with { Seeds = seeds };
                    index++;
                    break;
                case "--from" when ulong.TryParse(value, out var from):
                    line = line with { From = from };
                    index++;
                    break;
                case "--seed" when ulong.TryParse(value, out var seed):
                    line = line with { Seed = seed };
                    index++;
                    break;
                case "--defect" when Enum.TryParse<Defect>(value, ignoreCase: true, out var defect):
                    line = line with { Defect = defect };
                    index++;
                    break;
                case "--trace":
                    line = line with { Trace = true };
                    break;
                case "--defects":
                    line = line with { AllDefects = true };
                    break;
                default:
                    Console.Error.WriteLine($"{args[index]} {value}: not understood; {Usage}");
                    Console.Error.WriteLine($"defects: {string.Join(' ', Enum.GetNames<Defect>())}");
                    return null;
            }
        }

        return line;
    }
}
