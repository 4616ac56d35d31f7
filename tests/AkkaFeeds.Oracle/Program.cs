using System.Text.Json;
using AkkaFeeds.LogOracle;
using AkkaFeeds.LogOracle.Checks;

// oracle FOLDER [--no-dump]: dumps the rest of the topic, checks the run, and ends with 1 where something is unequal.
if (args.Length is 0 or > 2)
{
    Console.Error.WriteLine("usage: AkkaFeeds.Oracle FOLDER [--no-dump]");
    return 2;
}

var folder = new RunFolder(args[0]);
if (!args.Contains("--no-dump"))
{
    Console.WriteLine($"oracle: {LogDump.Append(folder)} more records of the log");
}

var results = RunCheck.Run(folder);
foreach (var result in results)
{
    var verdict = result.Holds ? "holds"
        : result.Compared == 0 ? "NOTHING COMPARED" : $"{result.Violations} VIOLATIONS";
    var figure = result.Figure.Length > 0 ? $"  ({result.Figure})" : "";
    Console.WriteLine($"{result.Name,-48} {result.Compared,10:N0}  {verdict}{figure}");
    foreach (var finding in result.Findings)
    {
        Console.WriteLine($"  {finding.Message}");
        foreach (var line in finding.Slice)
        {
            Console.WriteLine($"    {line}");
        }
    }
}

File.WriteAllText(folder.Verdict, JsonSerializer.Serialize(results));
return results.All(result => result.Holds) ? 0 : 1;
