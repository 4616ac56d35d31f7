using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Compilation;

namespace AkkaFeeds;

/// <summary>A feed as this process serves it: its compiled definition, its generation and the slots of that.</summary>
internal sealed class ServedFeed
{
    /// <summary>Makes one.</summary>
    public ServedFeed(CompiledFeed compiled, int generation)
    {
        Compiled = compiled;
        Generation = generation;
        Slots = [.. Enumerable.Range(0, compiled.Definition.Slots)
            .Select(index => new SlotId(compiled.Definition.Name, generation, index))];
    }

    /// <summary>The compiled definition.</summary>
    public CompiledFeed Compiled { get; }

    /// <summary>The feed's name.</summary>
    public string Name => Compiled.Definition.Name;

    /// <summary>The generation that is served.</summary>
    public int Generation { get; }

    /// <summary>The slots, by index.</summary>
    public IReadOnlyList<SlotId> Slots { get; }

    /// <summary>The slot that owns a key.</summary>
    public SlotId SlotOf(KeyName key) => Slots[key.SlotOf(Slots.Count)];

    /// <summary>The place of a topic in the file, which <c>pos</c> and order use.</summary>
    public int TopicIndexOf(string topic)
    {
        for (var index = 0; index < Compiled.Definition.Topics.Count; index++)
        {
            if (Compiled.Definition.Topics[index] == topic)
            {
                return index;
            }
        }

        throw new ArgumentException($"feed {Name} does not read topic {topic}", nameof(topic));
    }
}
