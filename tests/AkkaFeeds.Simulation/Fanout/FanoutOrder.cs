using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>
/// The order of a collection as the protocol words it, by JSON alone: numbers, strings, the rest, absent last
/// whichever way, then the key by its bytes. Nothing of the product is in it.
/// </summary>
internal sealed class FanoutOrder(bool descending) : IComparer<(string Key, JsonNode? Sort)>
{
    public int Compare((string Key, JsonNode? Sort) x, (string Key, JsonNode? Sort) y)
    {
        var rank = Rank(x.Sort);
        if (rank != Rank(y.Sort))
        {
            return rank - Rank(y.Sort);
        }

        var alike = rank switch
        {
            0 => x.Sort!.GetValue<decimal>().CompareTo(y.Sort!.GetValue<decimal>()),
            1 => Bytes(x.Sort!.GetValue<string>(), y.Sort!.GetValue<string>()),
            2 => Bytes(x.Sort!.ToJsonString(), y.Sort!.ToJsonString()),
            _ => 0,
        };
        return alike == 0 ? Bytes(x.Key, y.Key) : descending ? -alike : alike;
    }

    private static int Rank(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Number => 0,
        JsonValueKind.String => 1,
        null => 3,
        _ => 2,
    };

    private static int Bytes(string x, string y) =>
        Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));
}
