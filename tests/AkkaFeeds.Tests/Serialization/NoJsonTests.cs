using Akka.Actor;
using Akka.Configuration;
using AkkaFeeds.Contracts;
using AkkaFeeds.Serialization;
using AkkaFeeds.Store;
using Xunit;

namespace AkkaFeeds.Tests.Serialization;

/// <summary>Nothing of ours travels as Akka's default JSON.</summary>
public sealed class NoJsonTests : IDisposable
{
    private readonly ActorSystem system = ActorSystem.Create(
        "no-json",
        EngineConfig.Build(new SqliteDatabase("unused.db")).WithFallback(ConfigurationFactory.Default()));

    [Fact]
    public void Every_message_that_may_leave_a_node_is_on_the_list_of_wire_types()
    {
        var messages = new[] { typeof(IFeedMessage).Assembly, typeof(Engine).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => typeof(IFeedMessage).IsAssignableFrom(type) && !type.IsAbstract)
            .OrderBy(type => type.FullName, StringComparer.Ordinal);
        var known = WireTypes.All.Select(type => type.Type).OrderBy(type => type.FullName, StringComparer.Ordinal);
        Assert.Equal(known, messages);
    }

    [Fact]
    public void Every_wire_type_is_bound_to_the_one_serializer_and_comes_back_through_it()
    {
        foreach (var sample in WireSamples.All)
        {
            var serializer = Assert.IsType<FeedSerializer>(system.Serialization.FindSerializerFor(sample));
            var bytes = serializer.ToBinary(sample);
            var read = system.Serialization.Deserialize(bytes, serializer.Identifier, serializer.Manifest(sample));
            Assert.IsType(sample.GetType(), read);
        }
    }

    [Fact]
    public void What_no_binding_covers_is_refused_by_name()
    {
        var serializer = Assert.IsType<RefusingSerializer>(system.Serialization.FindSerializerFor(SlotStop.Instance));
        var refused = Assert.Throws<ArgumentException>(() => serializer.ToBinary(SlotStop.Instance));
        Assert.Contains("AkkaFeeds.SlotStop", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => serializer.FromBinary([1], typeof(SlotStop)));
        Assert.IsType<RefusingSerializer>(system.Serialization.FindSerializerForType(typeof(object)));
    }

    public void Dispose() => system.Dispose();
}
