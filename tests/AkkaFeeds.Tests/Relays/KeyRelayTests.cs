using System.Text;
using AkkaFeeds.Contracts;
using AkkaFeeds.Entities;
using AkkaFeeds.Relays;
using Xunit;

namespace AkkaFeeds.Tests.Relays;

/// <summary>A relay in the slot's own process is given its views; one elsewhere makes them of the fields.</summary>
public sealed class KeyRelayTests
{
    private static readonly KeyName Key = new("", "K");
    private static readonly SlotId Slot = new("f", 1, 0);

    private readonly EntityView entity = new(Slot, 1, "e.1", Key);
    private readonly KeyRelay near = new("f", Key, SlotCondition.Unknown(1));
    private readonly KeyRelay far = new("f", Key, SlotCondition.Unknown(1));
    private long version;

    [Theory]
    [InlineData("""{"n":2}""", "")]
    [InlineData("""{"n":3,"o":{"x":1,"y":2}}""", "")]
    [InlineData("""{"new":"x"}""", "n,o")]
    [InlineData("""{}""", "n")]
    public void Both_show_the_same_view_and_the_same_delta(string fields, string removed)
    {
        Change("""{"n":1,"o":{"x":1},"s":"a"}""", "", whole: true);
        Begin();
        Change(fields, removed, whole: false);

        var (shown, made) = (near.Latest.View.Newest!, far.Latest.View.Newest!);
        Assert.Equal(Text(made.View!.ToJson()), Text(shown.View!.ToJson()));
        Assert.True(shown.TryDelta(1, 1, null, out var delta));
        Assert.True(made.TryDelta(1, 1, null, out var madeDelta));
        Assert.Equal(Text(madeDelta), Text(delta));
        Assert.Contains("\"base\":1", Text(delta), StringComparison.Ordinal);
    }

    private void Begin()
    {
        near.On(entity.Begins());
        far.On(entity.Begins());
    }

    private void Change(string fields, string removed, bool whole)
    {
        entity.Apply(new EntityMessages.Changed(
            ++version, whole, Encoding.UTF8.GetBytes(fields),
            removed.Split(',', StringSplitOptions.RemoveEmptyEntries), version, [new("0", version)], 0, []));
        near.On(entity.Changed(version));
        far.On(entity.Changed(version) with { View = null });
    }

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}
