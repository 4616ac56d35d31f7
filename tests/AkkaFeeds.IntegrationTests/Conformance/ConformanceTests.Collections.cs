namespace AkkaFeeds.IntegrationTests.Conformance;

public sealed partial class ConformanceTests
{
    [Theory]
    [MemberData(nameof(All))]
    public async Task A_collection_is_sorted_and_cut_alike_and_follows(string transport)
    {
        var prefix = $"row-{transport}.";
        for (var index = 0; index < 5; index++)
        {
            server.Produce(prefix + index, index);
        }

        server.Flush();
        await server.RestAsync(prefix + "4", 1);
        var query = new Dictionary<string, string> { ["prefix"] = prefix, ["sort"] = "-total", ["limit"] = "3" };
        var watched = new Watched(ConformanceServer.Feed, [], query);
        await using var viewer = Transports.Open(transport, server, watched);
        await viewer.UntilRowsAsync(
            rows => rows.Order.SequenceEqual([prefix + 4, prefix + 3, prefix + 2]), "the greatest three");
        server.Produce(prefix + 0, 50);
        server.Flush();
        await server.RestAsync(prefix + "0", 2);
        var expected = await server.RestRowsAsync(watched.RowsQuery);
        await viewer.UntilRowsAsync(rows => rows.Text == expected.Text, expected.Text);
        Assert.Equal(prefix + 0, expected.Order[0]);
        Assert.Empty(expected.States);

        // A row whose record was refused, and no other.
        server.Poison(prefix + 4);
        server.Flush();
        await server.RestAsync(prefix + "4", shown => shown.State == "partial");
        expected = await server.RestRowsAsync(watched.RowsQuery);
        Assert.Equal([KeyValuePair.Create(prefix + 4, "partial")], expected.States);
        await viewer.UntilRowsAsync(rows => rows.Text == expected.Text, expected.Text);
        Assert.Null(viewer.Wrong);
    }

    [Fact]
    public async Task A_collection_has_one_epoch_and_version_on_all_streams()
    {
        const string Prefix = "shared.";
        var query = new Dictionary<string, string> { ["prefix"] = Prefix, ["sort"] = "-total" };
        var watched = new Watched(ConformanceServer.Feed, [], query);
        var viewers = new List<Viewer>();
        foreach (var transport in Transports.Streams)
        {
            // Each joins later than the one before, and is told of what the others know.
            server.Produce(Prefix + transport, viewers.Count);
            server.Flush();
            await server.RestAsync(Prefix + transport, 1);
            viewers.Add(Transports.Open(transport, server, watched));
            var expected = await server.RestRowsAsync(watched.RowsQuery);
            var first = await viewers[0].UntilRowsAsync(rows => rows.Text == expected.Text, expected.Text);
            Assert.Equal(viewers.Count, first.Order.Count);
            foreach (var viewer in viewers)
            {
                await viewer.UntilRowsAsync(
                    rows => rows.Text == first.Text && (rows.Epoch, rows.Version) == (first.Epoch, first.Version),
                    $"{first.Epoch} {first.Version}: {first.Text}");
            }
        }

        foreach (var viewer in viewers)
        {
            Assert.Null(viewer.Wrong);
            await viewer.DisposeAsync();
        }
    }
}
