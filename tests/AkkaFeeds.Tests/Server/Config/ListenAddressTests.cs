using System.Net;
using AkkaFeeds.Server.Config;
using Xunit;

namespace AkkaFeeds.Tests.Server.Config;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("http://127.0.0.1:8080/", "127.0.0.1:8080")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("*:80", "0.0.0.0:80")]
    public void An_address_is_host_and_port(string text, string address)
    {
        Assert.Equal(IPEndPoint.Parse(address), ListenAddress.Parse("--http", text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("8080")]
    [InlineData(":8080")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1:http")]
    [InlineData("127.0.0.1: 80")]
    [InlineData("1:80")]
    [InlineData("::1:80")]
    [InlineData("example.org:80")]
    [InlineData("https://127.0.0.1:80")]
    [InlineData("127.0.0.1:80\r\nx")]
    public void Anything_else_is_refused_naming_the_option(string text)
    {
        var error = Assert.Throws<StartupException>(() => ListenAddress.Parse("--http", text));

        Assert.Equal("--http", error.What);
        Assert.Equal(StartupException.BadInput, error.ExitCode);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Other_machines_are_kept_out_while_there_is_no_auth()
    {
        ListenAddress.RequireLoopback("--http", IPEndPoint.Parse("127.0.0.2:80"));
        ListenAddress.RequireLoopback("--http", IPEndPoint.Parse("[::1]:80"));

        var error = Assert.Throws<StartupException>(
            () => ListenAddress.RequireLoopback("--http", IPEndPoint.Parse("0.0.0.0:80")));
        Assert.Equal(StartupException.BadInput, error.ExitCode);
    }
}
