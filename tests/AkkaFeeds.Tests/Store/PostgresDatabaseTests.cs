using System.Data.Common;
using System.Net.Sockets;
using AkkaFeeds.Store;
using Npgsql;
using Xunit;

namespace AkkaFeeds.Tests.Store;

/// <summary>What the operator leaves open of the connection string is set, and what he wrote stays.</summary>
public sealed class PostgresDatabaseTests
{
    [Fact]
    public void What_is_left_open_is_what_the_documentation_says()
    {
        var made = Made("Host=db;Database=feeds");
        Assert.Equal(
            ("akkafeeds", 5, 15, 10, 20),
            (made.ApplicationName, made.Timeout, made.CommandTimeout, made.KeepAlive, made.MaxPoolSize));
        Assert.Equal("-c idle_in_transaction_session_timeout=5000", made.Options);
    }

    [Fact]
    public void What_the_operator_wrote_stays_whatever_he_calls_it()
    {
        var made = Made(
            "Host=db;ApplicationName=ours;Timeout=7;CommandTimeout=30;Keepalive=0;MaxPoolSize=5;"
            + "Options=-c idle_in_transaction_session_timeout=1s");
        Assert.Equal(
            ("ours", 7, 30, 0, 5),
            (made.ApplicationName, made.Timeout, made.CommandTimeout, made.KeepAlive, made.MaxPoolSize));
        Assert.Equal("-c idle_in_transaction_session_timeout=1s", made.Options);
    }

    [Fact]
    public void Options_of_the_operator_are_kept_beside_ours() => Assert.Equal(
        "-c search_path=feeds -c idle_in_transaction_session_timeout=5000",
        Made("Host=db;Options=-c search_path=feeds").Options);

    [Fact]
    public void A_host_without_an_address_is_a_store_that_is_not_reached()
    {
        // Two dots in a row are no name: no server of names is asked.
        var database = new PostgresDatabase("Host=no..host;Database=feeds");
        var why = Record.Exception(() => database.Probe());
        Assert.IsAssignableFrom<DbException>(why);
        Assert.IsType<SocketException>(why.InnerException);
        Assert.True(database.IsUnreachable(why));
    }

    private static NpgsqlConnectionStringBuilder Made(string text) => new(new PostgresDatabase(text).ConnectionString);
}
