using System.Runtime.CompilerServices;
using System.Text;
using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest;
using AkkaFeeds.Serialization;
using Xunit;

namespace AkkaFeeds.Tests.Serialization;

public class WireTypesTests
{
    [Fact]
    public void Every_wire_type_has_a_sample_and_every_manifest_is_its_own()
    {
        Assert.Equal(
            WireTypes.All.Select(type => type.Type).OrderBy(type => type.FullName),
            WireSamples.All.Select(sample => sample.GetType()).OrderBy(type => type.FullName));
        Assert.Equal(WireTypes.All.Count, WireTypes.All.Select(type => type.Manifest).Distinct().Count());
    }

    [Fact]
    public void What_is_read_back_is_written_as_the_same_bytes()
    {
        foreach (var sample in WireSamples.All)
        {
            var type = WireTypes.Of(sample);
            var bytes = type.Write(sample);
            var read = type.Read(bytes);
            Assert.IsType(sample.GetType(), read);
            Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(type.Write(read)));
        }
    }

    [Fact]
    public void Bytes_on_the_wire_are_the_ones_that_were_approved()
    {
        var text = new StringBuilder();
        foreach (var sample in WireSamples.All)
        {
            var type = WireTypes.Of(sample);
            var name = type.Type.FullName!.Replace("AkkaFeeds.", "", StringComparison.Ordinal);
            text.Append(type.Manifest).Append(' ').Append(name).Append(' ')
                .Append(Convert.ToHexStringLower(type.Write(sample))).Append('\n');
        }

        var path = Path.Combine(Folder(), "manifests.txt");
        if (Environment.GetEnvironmentVariable("AKKAFEEDS_TEST_APPROVE") == "1")
        {
            File.WriteAllText(path, text.ToString());
        }

        Assert.Equal(File.ReadAllText(path), text.ToString());
    }

    [Fact]
    public void A_ledger_of_a_store_that_knew_no_instants_is_read_without_them()
    {
        // `gn` before entries had instants.
        var bytes = Convert.FromHexString(
            "0a200a056c65617365102a1a0a080a10041803200228012080d0dfb4ab3328063028120468617368"
            + "1a1f082910041a0474797065220d64656c617920697320746578742a016b3201762204080510092801");
        var snapshot = (LedgerEvents.Snapshot)WireTypes.Of("gn").Read(bytes);
        Assert.Equal(("type", 0L), (snapshot.Entries[0].Reason, snapshot.Entries[0].At));
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(WireTypes.Of("gn").Write(snapshot)));
    }

    [Theory]
    [InlineData("ru", "0a0d0a07666c696768747310021807")]
    [InlineData(
        "rr",
        "0a0d0a07666c6967687473100218071205652e322e31186322340a0341544c12027b7d1a290802120a626568696e642d736c6f1880d0dfb4ab3321000000000000e03f2a09666c69676874732f332a0904000000000000d03f30023880d0dfb4ab334208652e322e313a3939")]
    public void Rows_of_a_node_that_names_no_incarnation_are_read_without_one(string manifest, string hex)
    {
        var bytes = Convert.FromHexString(hex);
        var answer = WireTypes.Of(manifest).Read(bytes);
        Assert.Equal(0, (answer as SlotQueries.SlotRows)?.Incarnation ?? ((SlotQueries.Unchanged)answer).Incarnation);
        Assert.Equal(hex, Convert.ToHexStringLower(WireTypes.Of(manifest).Write(answer)));
    }

    [Fact]
    public void Unknown_types_and_manifests_are_refused_by_name()
    {
        Assert.Contains("System.String", Assert.Throws<ArgumentException>(() => WireTypes.Of((object)"text")).Message);
        Assert.Contains("'zz'", Assert.Throws<ArgumentException>(() => WireTypes.Of("zz")).Message);
    }

    [Fact]
    public void Rows_keep_every_kind_of_value()
    {
        var sample = (LaneMessages.Rows)WireSamples.All[0];
        var type = WireTypes.Of(sample);
        var read = (LaneMessages.Rows)type.Read(type.Write(sample));
        Assert.Equal(sample.Block.Fields, read.Block.Fields);
        Assert.Equal(sample.Block.Keys, read.Block.Keys);
        Assert.Equal(sample.Block.Offsets, read.Block.Offsets);
        Assert.Same(read.Block.Keys[0], read.Block.Keys[1]);
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
