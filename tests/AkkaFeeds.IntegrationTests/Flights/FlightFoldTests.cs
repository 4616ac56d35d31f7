using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Flights;

/// <summary>
/// The check itself is checked: against a program that is not of this project, and against wrong views.
/// </summary>
public sealed class FlightFoldTests
{
    [SkippableFact]
    public async Task The_fold_of_all_flights_equals_the_expected_views()
    {
        Skip.If(FlightsFile.Folder is null, "AKKAFEEDS_TEST_DATA is not set: the fold is NOT proven here");
        var expected = ExpectedFlights.Read();

        var folded = await FlightFold.OfFirstAsync(FlightsFile.Count);

        Assert.Equal(229, expected.Count);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), folded.Keys.Order(StringComparer.Ordinal));
        foreach (var view in expected.Values)
        {
            Assert.Equal([], FlightDifferences.Of(view, folded[view.Key]));
        }
    }

    [Fact]
    public void A_difference_in_any_field_is_named()
    {
        FlightView view =
            new("ATL", 3, 1, 1.5, 20, -4, 900, 2, "2001-01-01T00:47:00.000Z", [new("SAV", 2), new("MCO", 1)]);
        FlightView[] wrong =
        [
            view with { Departures = 4 },
            view with { Delayed = 2 },
            view with { MeanDelay = Math.BitIncrement(1.5) },
            view with { Worst = 21 },
            view with { Best = -5 },
            view with { TotalDistance = 901 },
            view with { Destinations = 3 },
            view with { LastDate = "2001-01-01T00:47:00.001Z" },
            view with { Top = [new("SAV", 2)] },
            view with { Top = [new("SAV", 2), new("ORD", 1)] },
            view with { Top = [new("SAV", 2), new("MCO", 2)] },
        ];

        Assert.Empty(FlightDifferences.Of(view, view with { Top = [new("MCO", 1), new("SAV", 2)] }));
        foreach (var other in wrong)
        {
            Assert.StartsWith("ATL.", Assert.Single(FlightDifferences.Of(view, other)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_flight_is_written_as_the_data_set_says()
    {
        Flight flight = new(0, new(2001, 1, 1, 0, 47, 0, DateTimeKind.Utc), 3, 258, "ATL", "SAV");

        Assert.Equal(
            """{"date":"2001-01-01T00:47:00.000Z","delay":3,"distance":258,"origin":"ATL","destination":"SAV","flight":0}""",
            System.Text.Encoding.UTF8.GetString(FlightJson.Write(flight)));
    }
}
