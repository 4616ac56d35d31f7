using System.Text;
using AkkaFeeds.Chaos.Traffic;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>
/// Records that cannot be read or folded, among good ones, on a topic of their own: each is put aside, the good ones
/// count, and the neighbours of the main feed notice nothing.
/// </summary>
internal sealed class Poison() : Fault("F-35", "1 % to 10 % poisoned records")
{
    private const string Good = "poison-good";
    private long good;
    private long bad;

    public override bool IsQuick => true;

    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var share = random.Next(2) == 0 ? 0.01 : 0.1;
        var records = new List<(byte[]? Key, byte[]? Value)>();
        var poisoned = 0;
        for (var index = 0; index < 500; index++)
        {
            var isBad = random.NextDouble() < share || index == 250;
            poisoned += isBad ? 1 : 0;
            records.Add((null, isBad
                ? Bad(random.Next(4))
                : Encoding.UTF8.GetBytes($$"""{"k":"{{Good}}","amount":1}""")));
        }

        bad += poisoned;
        good += records.Count - poisoned;
        await world.Topics.ProduceAsync(world.PoisonTopic, 0, records);
        string? wrong = null;
        foreach (var node in world.Edges)
        {
            wrong ??= await WrongAsync(node);
        }

        return new FaultEffect(poisoned, "poisoned records") { Wrong = wrong };
    }

    private async Task<string?> WrongAsync(ChaosNode node)
    {
        var last = "no answer";
        try
        {
            await Waiting.ForAsync(
                async () =>
                {
                    if (await node.StateAsync(ChaosFeed.Poisoned, Good) is not { } state)
                    {
                        return null;
                    }

                    last = state.Snapshot.GetRawText();
                    var data = state.Snapshot.GetProperty("data");
                    return state.State == "partial" && data.GetProperty("n").GetInt64() == good
                        && data.GetProperty("total").GetInt64() == good ? node : null;
                },
                "poison put aside", TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(100));
            return null;
        }
        catch (TimeoutException)
        {
            return $"{node.Name}: {good} good and {bad} bad records, but {last}";
        }
    }

    private static byte[] Bad(int kind) => kind switch
    {
        0 => [0xFF, 0xFE, 0x00],
        1 => Encoding.UTF8.GetBytes($$"""{"k":"{{Good}}","amount":"a word"}"""),
        2 => Encoding.UTF8.GetBytes("""{"amount":1}"""),
        _ => Encoding.UTF8.GetBytes($$"""{"k":"{{Good}}","amount":1,"text":"{{new string('x', 1_000)}}" """),
    };
}
