using System.Text;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>reliability.md, X-10: keys that mean something to SQL, logs, paths, HTML or JavaScript mean nothing
/// here.</summary>
public sealed class HostileKeyTests(EdgeProcess process) : IClassFixture<EdgeProcess>
{
    public static TheoryData<string> PossibleButHostile { get; } =
    [
        "\r\nfake: line", "'; DROP TABLE journal; --", "{0}", "{Target}", "%2e%2e/", "../../etc/passwd", ".", "..",
        "/",
        "//", "%", "%00", "\u202eevil", "__proto__", "constructor", "$", "$where", "tenant/key", "a b", "a+b",
        "&key=x",
        "?x=1#y", "\u007f", "<script>alert(1)</script>", "\ud83d\ude00", "\ufeff", "\u001b[31mred", "CON", "a;b",
        "*", "\"", "\\",
    ];

    [Theory]
    [MemberData(nameof(PossibleButHostile))]
    public async Task The_query_form_serves_it_as_itself_and_nothing_is_logged(string key)
    {
        var json = await process.JsonAsync("/v1/feeds/flights/key?key=" + Uri.EscapeDataString(key));

        Assert.Equal(key, json.GetProperty("key").GetString());
        Assert.Contains(key, process.Reader.Asked);
        Assert.DoesNotContain(process.Log, line => line.Contains("RequestFailed", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(PossibleButHostile))]
    public async Task The_path_form_serves_it_as_itself_or_refuses_it_by_the_documented_rule(string key)
    {
        var (status, body) = await process.RawAsync("/v1/feeds/flights/keys/" + Encoded(key));

        if (key is "." or ".." || key.Any(character => character is '/' or '%' || char.IsControl(character)))
        {
            Assert.Contains("/key?key=", EdgeProcess.Problem(body, 400, "bad-key"), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(200, status);
            Assert.Equal(key, System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("key").GetString());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("%00")]
    [InlineData("a%00b")]
    [InlineData("%ff")]
    [InlineData("%c0%af")]
    [InlineData("%ed%a0%80")]
    [InlineData("%ED%B0%80")]
    [InlineData("%")]
    [InlineData("%2")]
    [InlineData("%zz")]
    [InlineData("%u0041")]
    public async Task An_impossible_key_is_refused_in_the_query(string raw)
    {
        var (status, body) = await process.RawAsync("/v1/feeds/flights/key?key=" + raw);

        Assert.Equal(400, status);
        EdgeProcess.Problem(body, 400, "bad-key");
    }

    [Theory]
    [InlineData("%ff")]
    [InlineData("%c0%af")]
    [InlineData("%ed%a0%80")]
    [InlineData("%2")]
    [InlineData("%zz")]
    [InlineData("")]
    public async Task An_impossible_key_is_refused_in_the_path(string raw)
    {
        var (status, body) = await process.RawAsync("/v1/feeds/flights/keys/" + raw);

        Assert.Equal(400, status);
        EdgeProcess.Problem(body, 400, "bad-key");
    }

    [Fact]
    public async Task Ten_kibibytes_are_refused_and_512_bytes_are_served()
    {
        var (tooLong, body) = await process.RawAsync("/v1/feeds/flights/key?key=" + new string('k', 10_240));
        var longestKey = "kk" + string.Concat(Enumerable.Repeat("%e2%82%ac", 170));
        var (longest, _) = await process.RawAsync("/v1/feeds/flights/keys/" + longestKey);

        Assert.Equal(400, tooLong);
        Assert.True(EdgeProcess.Problem(body, 400, "bad-key").Length < 300);
        Assert.Equal(200, longest);
    }

    [Theory]
    [InlineData("/v1/feeds/flights/keys/%2e%2e/")]
    [InlineData("/v1/feeds/flights/keys/%2e%2e/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/v1/feeds/flights/keys/../../../etc/passwd")]
    [InlineData("/%2e%2e/v1/feeds")]
    [InlineData("//v1//feeds")]
    [InlineData("/v1/feeds/%2e%2e/keys")]
    [InlineData("/v1/feeds/flights/keys/..")]
    [InlineData("/V1/feeds")]
    [InlineData("/v1%2ffeeds")]
    public async Task A_hostile_path_leads_nowhere(string target)
    {
        var (status, body) = await process.RawAsync(target);

        Assert.Contains(status, (int[])[400, 404]);
        Assert.Contains("/problems/", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_absolute_form_of_a_target_is_served()
    {
        var (status, _) = await process.RawAsync("http://localhost/v1/feeds");

        Assert.Equal(200, status);
    }

    /// <summary>Every byte but letters and digits encoded, so that no client rule gets in between.</summary>
    private static string Encoded(string key) => string.Concat(
        Encoding.UTF8.GetBytes(key)
            .Select(one => char.IsAsciiLetterOrDigit((char)one) ? $"{(char)one}" : $"%{one:x2}"));
}
