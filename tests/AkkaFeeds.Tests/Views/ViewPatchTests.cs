using System.Buffers;
using System.Text.Json.Nodes;
using AkkaFeeds.Contracts;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Views;

public sealed class ViewPatchTests
{
    private static readonly FrameName Name = new("f", new KeyName("", "k"));

    [Fact]
    public void A_view_is_written_as_it_was_read()
    {
        RandomViews.Any.Sample(view =>
        {
            var tree = RandomViews.Tree(view);

            Equal(view, RandomViews.Read(output => tree.Write(output)));
        });
    }

    [Fact]
    public void Names_shared_with_a_former_view_change_nothing()
    {
        Gen.Select(RandomViews.Any, RandomViews.Any).Sample((former, view) =>
        {
            var tree = RandomViews.Tree(view, RandomViews.Tree(former));

            Equal(view, RandomViews.Read(output => tree.Write(output)));
        });
    }

    [Fact]
    public void A_patch_of_the_paths_that_differ_makes_the_one_view_of_the_other()
    {
        Gen.Select(RandomViews.Any, RandomViews.Any, RandomViews.Fields).Sample((before, after, fields) =>
        {
            var changed = new PathSet();
            var tree = RandomViews.Tree(after);
            ViewNode.Compare(RandomViews.Tree(before), tree, changed);

            var held = RandomViews.Project(before, fields);
            var written = false;
            var patch = RandomViews.Read(output =>
            {
                written = tree.TryWritePatch(changed, fields, output);
                if (!written)
                {
                    output.Write("{}"u8);
                }
            });

            Equal(RandomViews.Project(after, fields), RandomViews.Merge(held, patch));
            Assert.True(written || JsonNode.DeepEquals(held, RandomViews.Project(after, fields)));
        });
    }

    [Fact]
    public void A_delta_leads_every_holder_of_a_version_from_its_base_on_to_the_newest()
    {
        Gen.Select(RandomViews.Any.Array[2, 6], RandomViews.Fields).Sample((views, fields) =>
        {
            var versions = Versions(views);
            for (var held = 0; held < views.Length - 1; held++)
            {
                Assert.True(versions[^1].TryDelta(held, held, fields, out var frame));
                var wanted = RandomViews.Project(views[^1], fields);
                if (frame.IsEmpty)
                {
                    Equal(wanted, RandomViews.Project(views[held], fields));
                    continue;
                }

                var delta = JsonNode.Parse(frame.Span)!;
                Assert.Equal(held, (int)delta["base"]!);
                for (var later = held; later < views.Length - 1; later++)
                {
                    Equal(wanted, RandomViews.Merge(RandomViews.Project(views[later], fields), delta["data"]));
                }
            }
        });
    }

    [Fact]
    public void Who_holds_the_newest_version_misses_nothing()
    {
        var versions = Versions([[], []]);

        Assert.True(versions[^1].TryDelta(1, 1, null, out var frame));
        Assert.True(frame.IsEmpty);
        Assert.False(versions[^1].TryDelta(2, 2, null, out _));
    }

    [Fact]
    public void Who_holds_more_changes_back_than_are_kept_needs_a_snapshot()
    {
        var views = Enumerable.Range(0, ChangeRing.ChangesMax + 2)
            .Select(number => new JsonObject { ["a"] = number }).ToArray();
        var versions = Versions(views);

        Assert.False(versions[^1].TryDelta(0, 0, null, out _));
        Assert.True(versions[^1].TryDelta(1, 1, null, out var frame));
        Assert.Equal(ChangeRing.ChangesMax + 1, (int)JsonNode.Parse(frame.Span)!["data"]!["a"]!);
    }

    [Fact]
    public void With_replaces_adds_and_removes_members()
    {
        var view = RandomViews.Tree(new JsonObject { ["a"] = 1, ["b"] = 2, ["c"] = 3 });
        var replaced = RandomViews.Tree(new JsonObject { ["b"] = new JsonObject { ["x"] = 1 }, ["d"] = 4 });

        var changed = view.With(replaced, ["c"]);

        var expected = new JsonObject { ["a"] = 1, ["b"] = new JsonObject { ["x"] = 1 }, ["d"] = 4 };
        Equal(expected, RandomViews.Read(output => changed.Write(output)));
        Assert.Equal(0, view.With(ViewNode.Empty, ["a", "b", "c"]).Count);
    }

    [Fact]
    public void Selections_are_equal_by_their_names_and_by_nothing_else()
    {
        Assert.Equal(new FieldSelection(["a", "b"]), new FieldSelection(["b", "a", "b"]));
        Assert.NotEqual(new FieldSelection(["a,b"]), new FieldSelection(["a", "b"]));
    }

    private static List<ViewVersion> Versions(JsonObject[] views)
    {
        var ring = new ChangeRing();
        var versions = new List<ViewVersion>();
        ViewNode? former = null;
        for (var version = 0; version < views.Length; version++)
        {
            var view = RandomViews.Tree(views[version], former);
            if (former is not null)
            {
                var paths = new PathSet();
                ViewNode.Compare(former, view, paths);
                ring.Add(version - 1, version, paths);
            }

            former = view;
            versions.Add(new ViewVersion(Name, "e.1", version, view, 0, [], ring));
        }

        return versions;
    }

    private static void Equal(JsonNode? expected, JsonNode? actual) => Assert.True(
        JsonNode.DeepEquals(expected, actual), $"expected {expected?.ToJsonString()}, got {actual?.ToJsonString()}");
}
