using System.Reflection;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Config;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AkkaFeeds.Tests.Server.Config;

/// <summary>The server's limits: each is ours, none what the server thinks.</summary>
public sealed class EdgeListeningTests
{
    [Fact]
    public void No_limit_of_the_server_is_left_as_it_was()
    {
        var usual = new KestrelServerLimits();
        var odd = new KestrelServerLimits();
        Change(odd);
        Change(odd.Http2);
        EdgeListening.Limit(usual, new FeedsOptions());
        EdgeListening.Limit(odd, new FeedsOptions());

        Assert.Equal(All(usual), All(odd));
    }

    [Fact]
    public void What_the_file_says_of_bodies_and_pings_is_obeyed()
    {
        var limits = new KestrelServerLimits();
        EdgeListening.Limit(limits, new FeedsOptions
        {
            Http = new HttpOptions
            {
                BodyRate = 7, BodyGrace = TimeSpan.FromSeconds(3), Ping = TimeSpan.FromSeconds(4),
                PingTimeout = TimeSpan.FromSeconds(5),
            },
        });

        Assert.Equal(7, limits.MinRequestBodyDataRate!.BytesPerSecond);
        Assert.Equal(TimeSpan.FromSeconds(3), limits.MinRequestBodyDataRate.GracePeriod);
        Assert.Equal(7, limits.MinResponseDataRate!.BytesPerSecond);
        Assert.Equal(TimeSpan.FromSeconds(4), limits.Http2.KeepAlivePingDelay);
        Assert.Equal(TimeSpan.FromSeconds(5), limits.Http2.KeepAlivePingTimeout);
    }

    // Other than it was, within what each may be.
    private static void Change(object limits)
    {
        foreach (var property in Settable(limits))
        {
            object other = property.GetValue(limits) switch
            {
                TimeSpan now when now > TimeSpan.FromDays(1) => TimeSpan.FromSeconds(77),
                TimeSpan now => now + TimeSpan.FromSeconds(1),
                int now => now + 1,
                long now => now - 1,
                MinDataRate => new MinDataRate(999, TimeSpan.FromSeconds(99)),
                null => 12_345L,
                var unknown => throw new InvalidOperationException($"{property.Name} is a {unknown.GetType()}"),
            };
            property.SetValue(limits, other);
        }
    }

    private static List<string> All(KestrelServerLimits limits) =>
        [.. ((object[])[limits, limits.Http2]).SelectMany(of => Settable(of)
            .Select(property => $"{property.Name} {Text(property.GetValue(of))}"))];

    private static string? Text(object? value) =>
        value is MinDataRate rate ? $"{rate.BytesPerSecond} within {rate.GracePeriod}" : value?.ToString();

    private static IEnumerable<PropertyInfo> Settable(object limits) =>
        limits.GetType().GetProperties().Where(property => property.CanWrite);
}
