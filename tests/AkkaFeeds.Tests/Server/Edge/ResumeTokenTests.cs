using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Server.Edge.Events;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>
/// The id of an event stream: it says what was held, and nothing to who changed it or asks for other keys.
/// </summary>
public sealed class ResumeTokenTests
{
    private static readonly FeedChecks Feeds = new(
        [new FeedCard("flights", null, [], true, ["t"], "serve", null, null, null, null)]);

    private static readonly ResumeFrom Atlanta = new("e1.7", 41, [new("0", 12), new("17", long.MaxValue)]);
    private static readonly ResumeFrom Boston = new("e1.8", 0, []);

    [Fact]
    public void What_was_held_comes_back_by_the_place_of_its_key()
    {
        var asked = Ask("sub=flights:BOS&sub=flights:ATL&sub=flights:BOS");
        var token = ResumeToken.Write(asked, [Held("ATL", Atlanta), Held("BOS", Boston)]);
        var read = ResumeToken.Read(Ask("sub=flights:BOS&sub=flights:ATL", token));
        Assert.Equal(2, read.Count);
        Assert.Equal((Boston.Epoch, Boston.Version), (read[0].Epoch, read[0].Version));
        Assert.Empty(read[0].Positions);
        Assert.Equal((Atlanta.Epoch, Atlanta.Version), (read[1].Epoch, read[1].Version));
        Assert.Equal(Atlanta.Positions, read[1].Positions);
    }

    [Theory]
    [InlineData("sub=flights:ATL")]
    [InlineData("sub=flights:ATL&sub=flights:BOS")]
    [InlineData("sub=flights:BOS&sub=flights:ATL&sub=flights:ORD")]
    [InlineData("sub=flights:BOS&sub=flights:atl")]
    public void A_token_of_other_keys_says_nothing(string query)
    {
        var token = ResumeToken.Write(
            Ask("sub=flights:BOS&sub=flights:ATL"), [Held("ATL", Atlanta), Held("BOS", Boston)]);
        Assert.Empty(ResumeToken.Read(Ask(query, token)));
    }

    [Fact]
    public void A_token_that_was_changed_anywhere_says_nothing()
    {
        var asked = Ask("sub=flights:BOS&sub=flights:ATL");
        var token = ResumeToken.Write(asked, [Held("ATL", Atlanta), Held("BOS", Boston)]);
        for (var at = 0; at < token.Length; at++)
        {
            var other = token[at] == 'A' ? 'B' : 'A';
            foreach (var changed in (string[])[token[..at] + other + token[(at + 1)..], token[..at]])
            {
                Assert.Empty(ResumeToken.Read(Ask("sub=flights:BOS&sub=flights:ATL", changed)));
            }
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("null")]
    [InlineData("../../etc/passwd")]
    [InlineData("{\"epoch\":\"e1\"}")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA")]
    [InlineData("é")]
    public void What_is_no_token_says_nothing(string id) =>
        Assert.Empty(ResumeToken.Read(Ask("sub=flights:ATL", id)));

    [Fact]
    public void It_fits_a_header_of_a_proxy_however_many_keys_there_are()
    {
        var keys = Enumerable.Range(0, 1_000).Select(number => $"K{number}").ToList();
        var query = string.Join('&', keys.Select(key => $"sub=flights:{key}"));
        var positions = Enumerable.Range(0, 8).Select(each => KeyValuePair.Create($"{each}", 1L << 40)).ToList();
        var token = ResumeToken.Write(
            Ask(query), [.. keys.Select(key => Held(key, new ResumeFrom("e1.7", 1_000_000, positions)))]);
        Assert.InRange(token.Length, 5_000, ResumeToken.LengthMax);
        var read = ResumeToken.Read(Ask(query, token));
        Assert.InRange(read.Count, 50, 200);
        Assert.All(read.Values, from => Assert.Equal(positions, from.Positions));
    }

    /// <summary>
    /// Why the id rides on progress alone: of 20 keys on 4 partitions it is as long as a delta, and most flushes have
    /// one or two. Should it become small, let it ride on every flush (docs/status.md).
    /// </summary>
    [Fact]
    public void On_every_flush_it_would_cost_a_client_of_twenty_keys_more_than_it_is_worth()
    {
        const int Keys = 20;
        const int DeltaBytes = 251;
        const double AllowedPart = 0.03;
        var keys = Enumerable.Range(0, Keys).Select(number => $"K{number:000}").ToList();
        var query = string.Join('&', keys.Select(key => $"sub=flights:{key}"));
        var positions = Enumerable.Range(0, 4).Select(each => KeyValuePair.Create($"{each}", 750_000L)).ToList();
        var token = ResumeToken.Write(
            Ask(query), [.. keys.Select(key => Held(key, new ResumeFrom("AbCdEfGh.7", 30_000, positions)))]);
        var id = "\nid: ".Length + token.Length;
        Assert.InRange(id, 600, 660);

        // Even with a delta of every key in the flush it is beyond what is allowed.
        Assert.True(id > AllowedPart * Keys * DeltaBytes, $"{id} of {Keys * DeltaBytes} bytes");
    }

    private static HeldKey Held(string key, ResumeFrom from) => new("flights", new KeyName("", key), from);

    private static EventsRequest Ask(string query, string? id = null) =>
        EventsRequest.Read(query, id, Feeds, subscriptionsMax: 1_000);
}
