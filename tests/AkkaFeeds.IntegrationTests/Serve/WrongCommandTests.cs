using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Serve;

/// <summary>What the real binary says to wrong words and wrong files; no broker is asked for these.</summary>
public sealed class WrongCommandTests
{
    private const string NoBroker = "127.0.0.1:1";

    [Fact]
    public async Task An_unknown_option_is_named()
    {
        using var site = Site();
        var run = await ServerRun.OfAsync("serve", site.File, "--colour", "blue");
        run.AssertOneError(2, "--colour");
    }

    [Fact]
    public async Task An_unknown_verb_is_named()
    {
        var run = await ServerRun.OfAsync("sevre", "akkafeeds.yaml");
        run.AssertOneError(2, "sevre");
    }

    [Fact]
    public async Task Serve_without_a_file_says_what_is_wanted()
    {
        var run = await ServerRun.OfAsync("serve");
        run.AssertOneError(2, "FILE");
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        using var site = Site();
        var run = await ServerRun.OfAsync("serve", site.File + ".not");
        run.AssertOneError(2, ".not");
    }

    [Fact]
    public async Task All_errors_of_the_settings_are_told_at_once_with_their_places()
    {
        using var site = Site();
        site.Edit("slots: 16", "slots: many");
        site.Edit("key: origin", "kee: origin");

        var run = await ServerRun.OfAsync("serve", site.File);

        run.AssertFileErrors("feeds.flights.slots", "feeds.flights.kee");
    }

    [Fact]
    public async Task All_errors_of_the_expressions_are_told_at_once_with_their_places()
    {
        using var site = Site();
        site.Edit("departures: count()", "departures: cuont()");
        site.Edit("worst: max(delay)", "worst: max(delay");

        var run = await ServerRun.OfAsync("serve", site.File);

        run.AssertFileErrors("feeds.flights.view.departures", "feeds.flights.view.worst");
    }

    [Fact]
    public async Task Errors_of_settings_and_of_expressions_are_told_together()
    {
        using var site = Site();
        site.Edit("slots: 16", "slots: many");
        site.Edit("departures: count()", "departures: cuont()");

        var run = await ServerRun.OfAsync("serve", site.File);

        run.AssertFileErrors("feeds.flights.slots", "feeds.flights.view.departures");
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_named_and_not_waited_for_without_end()
    {
        using var site = Site();
        var run = await ServerRun.OfAsync("serve", site.File);
        run.AssertOneError(3, NoBroker);
    }

    [Fact]
    public async Task Check_of_a_good_file_ends_with_0_and_needs_no_broker()
    {
        using var site = Site();
        var run = await ServerRun.OfAsync("check", site.File);
        Assert.True(run.ExitCode == 0, string.Join('\n', run.Errors));
    }

    private static ServerSite Site() => new(NoBroker, "group", FlightsFeed.Yaml("flights"));
}
