using System.Text;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Server.Edge.GraphQl;
using AkkaFeeds.Server.Edge.WebSockets;
using AkkaFeeds.Telemetry;
using GraphQL;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>What one GraphQL connection makes of the frames of its client's actor.</summary>
public sealed class GraphQlSocketTests
{
    private static readonly RowsQuery Query = new("", null, null, false, 10);
    private readonly GraphQlSocket socket = new(
        new FrameStream(Stream.Null, null, null, null),
        new FeedExecuter(new FeedChecks([]), queries: null!, new GraphQlOptions(), NullLogger<FeedExecuter>.Instance),
        operationsMax: 2)
    {
        OnClose = (_, _) => Assert.Fail("closed"),
    };

    [Fact]
    public async Task A_name_that_is_used_again_is_shown_nothing_of_its_former_collection()
    {
        var (former, shownBefore) = Watching("a", "1");
        await RowsAsync("1", version: 1, "\"A\":{\"n\":1}");
        Assert.Single(shownBefore);
        Assert.Same(former.End, socket.Remove("a"));

        var (_, shown) = Watching("a", "2");
        await RowsAsync("1", version: 2, "\"A\":{\"n\":2}");
        await RowsAsync("1", version: 3, "\"A\":{\"n\":3}", "\"base\":2,");
        Assert.Empty(shown);
        await RowsAsync("2", version: 1, "\"B\":{\"n\":4}");
        Assert.Equal("B", Assert.Single(Assert.Single(shown)).Key);
        Assert.Single(shownBefore);
    }

    [Fact]
    public async Task An_error_that_names_no_operation_ends_none()
    {
        var (_, shown) = Watching("a", "1");
        await SendAsync("""{"op":"error","code":"rate","message":"More than 100 frames a second."}""");
        await RowsAsync("1", version: 1, "\"A\":{\"n\":1}");
        Assert.Single(shown);
    }

    private (Operation Operation, List<IReadOnlyList<ShownKey>> Shown) Watching(string id, string collection)
    {
        var operation = new Operation(id)
        {
            Collection = collection,
            Feed = "f",
            Begin = new ClientCommands.SubscribeRows("f", collection, Query, 0),
            End = new ClientCommands.UnsubscribeRows("f", collection),
        };
        var shown = new Shown();
        operation.Subscribe(shown);
        Assert.True(socket.TryAdd(operation, new NoResults()));
        return (operation, shown.All);
    }

    private ValueTask RowsAsync(string collection, int version, string rows, string more = "") => SendAsync(
        $$"""{"op":"rows","feed":"f","id":"{{collection}}","epoch":"e","version":{{version}},{{more}}"order":["""
        + $$"""{{rows[..3]}}],"rows":{{{rows}}},"total":1,"at":1}""");

    private ValueTask SendAsync(string frame)
    {
        var batch = new FrameBatch();
        batch.Add(Encoding.UTF8.GetBytes(frame), FrameKind.Rows);
        return socket.SendAsync(batch);
    }

    private sealed class Shown : IObserver<object?>
    {
        public List<IReadOnlyList<ShownKey>> All { get; } = [];

        public void OnNext(object? value) => All.Add((IReadOnlyList<ShownKey>)value!);

        public void OnError(Exception error) => Assert.Fail(error.Message);

        public void OnCompleted()
        {
        }
    }

    private sealed class NoResults : IObservable<ExecutionResult>, IDisposable
    {
        public IDisposable Subscribe(IObserver<ExecutionResult> observer) => this;

        public void Dispose()
        {
        }
    }
}
