using System.Text.Json.Nodes;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>
/// The log of one slot's keys, and the independent fold of it: what a key shows after each of its records. A change
/// sets or takes away fields, among them objects that become numbers and back.
/// </summary>
internal sealed class FanoutLog(IReadOnlyList<KeyName> keys, Rng rng)
{
    private readonly List<(KeyName Key, string Text)> records = [];
    private readonly Dictionary<KeyName, JsonObject> newest = [];
    private readonly Dictionary<KeyName, int> last = [];
    private readonly Dictionary<int, JsonObject> read = [];

    /// <summary>How many records.</summary>
    public int End => records.Count;

    /// <summary>The key of a record, and the key's view after it.</summary>
    public (KeyName Key, string View) this[int offset] => records[offset];

    /// <summary>Writes a record.</summary>
    public void Append()
    {
        var key = rng.Pick(keys);
        if (!newest.TryGetValue(key, out var view))
        {
            newest.Add(key, view = []);
        }

        for (var change = rng.Between(1, 3); change > 0; change--)
        {
            Change(view);
        }

        // A view that shows the same makes no version; this one always differs.
        view["n"] = End;
        last[key] = End;
        records.Add((key, view.ToJsonString()));
    }

    /// <summary>The view of a key after the record at an offset, which is one of the key's; null before any.</summary>
    public string? ViewAt(KeyName key, long offset) => offset < 0 ? null
        : records[(int)offset].Key.Equals(key) ? records[(int)offset].Text
        : throw new ViolationException($"{key} is shown at {offset}, which is a record of another key");

    /// <summary>The last record of a key, or -1.</summary>
    public int LastOf(KeyName key) => last.GetValueOrDefault(key, -1);

    /// <summary>The view behind a record, to be looked at only: it is read once for all who ask.</summary>
    public JsonObject Read(int offset)
    {
        if (!read.TryGetValue(offset, out var view))
        {
            read.Add(offset, view = JsonNode.Parse(records[offset].Text)!.AsObject());
        }

        return view;
    }

    private void Change(JsonObject view)
    {
        var name = "abcd"[rng.Below(4)].ToString();
        switch (rng.Below(5))
        {
            case 0:
                view.Remove(name);
                break;
            case 1:
                view[name] = rng.Below(4) switch
                {
                    0 => $"t{rng.Below(100)}",
                    1 => rng.Below(100) + 0.5,
                    _ => rng.Below(100),
                };
                break;
            case 2:
                view[name] = new JsonObject();
                break;
            default:
                var inner = view[name] as JsonObject ?? [];
                view.Remove(name);
                var member = "xyz"[rng.Below(3)].ToString();
                inner.Remove(member);
                if (rng.Below(3) > 0)
                {
                    inner[member] = rng.Below(3) == 0
                        ? new JsonObject { ["deep"] = rng.Below(9) }
                        : new JsonArray(rng.Below(9), null);
                }

                view[name] = inner;
                break;
        }
    }
}
