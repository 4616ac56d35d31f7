using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Log;

/// <summary>The keys of a history, some in each slot.</summary>
internal sealed class Keys
{
    private readonly KeyName[] names;
    private readonly int[] slots;

    public Keys(int slotCount, int keysPerSlot)
    {
        names = new KeyName[slotCount * keysPerSlot];
        slots = new int[names.Length];
        var counts = new int[slotCount];
        var found = 0;
        for (var candidate = 0; found < names.Length; candidate++)
        {
            var name = new KeyName("", $"k{candidate}");
            var slot = name.SlotOf(slotCount);
            if (counts[slot]++ < keysPerSlot)
            {
                names[found] = name;
                slots[found++] = slot;
            }
        }
    }

    public int Count => names.Length;

    public KeyName NameOf(int key) => names[key];

    public int SlotOf(int key) => slots[key];

    public int SlotCount => slots.Max() + 1;
}
