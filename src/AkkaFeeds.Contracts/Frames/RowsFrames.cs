using System.Buffers;

namespace AkkaFeeds.Contracts;

/// <summary>The frames of a collection (product.md, section 6), behind op, feed and id.</summary>
public static class RowsFrames
{
    /// <summary>The beginning of a frame: op, feed and the client's own id.</summary>
    public static void Begin(string feed, string id, IBufferWriter<byte> output)
    {
        var text = new FrameText(output);
        text.Raw("{\"op\":\"rows\",\"feed\":"u8);
        text.String(feed);
        text.Raw(",\"id\":"u8);
        text.String(id);
        text.Raw(","u8);
    }

    /// <summary>The whole collection.</summary>
    public static void WriteWhole(RowsView view, IBufferWriter<byte> output)
    {
        var text = new FrameText(output);
        Epoch(text, view);
        text.Raw(",\"version\":"u8);
        text.Number(view.Version);
        Order(text, view);
        text.Raw(",\"rows\":{"u8);
        for (var index = 0; index < view.Order.Count; index++)
        {
            text.Raw(index == 0 ? ""u8 : ","u8);
            text.String(view.Order[index]);
            text.Raw(":"u8);
            view.Find(view.Order[index])!.Data.Write(output);
        }

        text.Raw("}"u8);
        States(text, view);
        End(text, view, withTotal: true);
    }

    /// <summary>What changed between two versions; false with nothing written where nothing did.</summary>
    public static bool TryWriteDelta(RowsView held, RowsView view, ArrayBufferWriter<byte> output)
    {
        var text = new FrameText(output);
        Epoch(text, view);
        text.Raw(",\"base\":"u8);
        text.Number(held.Version);
        text.Raw(",\"version\":"u8);
        text.Number(view.Version);
        var differs = false;
#if DEFECT_ROWS_ORDER_KEPT
        if (!held.Order.Order(StringComparer.Ordinal).SequenceEqual(view.Order.Order(StringComparer.Ordinal)))
#else
        if (!held.Order.SequenceEqual(view.Order))
#endif
        {
            Order(text, view);
            differs = true;
        }

        text.Raw(",\"rows\":{"u8);
        differs |= Changed(text, held, view, output);
        text.Raw("}"u8);
        if (!StatesOf(held).SequenceEqual(StatesOf(view)))
        {
            States(text, view);
            differs = true;
        }

        differs |= held.Total != view.Total;
        End(text, view, held.Total != view.Total);
        if (!differs)
        {
            output.ResetWrittenCount();
        }

        return differs;
    }

    private static bool Changed(FrameText text, RowsView held, RowsView view, IBufferWriter<byte> output)
    {
        var first = true;
        foreach (var key in view.Order)
        {
            var now = view.Find(key)!;
            var before = held.Find(key);
            var paths = new PathSet();
            if (before is not null)
            {
                ViewNode.Compare(before.Data, now.Data, paths);
                if (paths.IsEmpty)
                {
                    continue;
                }
            }

            Name(text, key, ref first);
            if (before is null)
            {
                now.Data.Write(output);
            }
            else
            {
                now.Data.TryWritePatch(paths, null, output);
            }
        }

#if !DEFECT_ROWS_LEFT_NOT_NAMED
        foreach (var key in held.Order)
        {
            if (view.Find(key) is null)
            {
                Name(text, key, ref first);
                text.Raw("null"u8);
            }
        }
#endif

        return !first;
    }

    private static void Name(FrameText text, string key, ref bool first)
    {
        text.Raw(first ? ""u8 : ","u8);
        text.String(key);
        text.Raw(":"u8);
        first = false;
    }

    private static void Epoch(FrameText text, RowsView view)
    {
        text.Raw("\"epoch\":"u8);
        text.String(view.Epoch);
    }

    private static void Order(FrameText text, RowsView view)
    {
        text.Raw(",\"order\":["u8);
        for (var index = 0; index < view.Order.Count; index++)
        {
            text.Raw(index == 0 ? ""u8 : ","u8);
            text.String(view.Order[index]);
        }

        text.Raw("]"u8);
    }

    // A key that is not named is live.
    private static IEnumerable<(string Key, FreshnessState State)> StatesOf(RowsView view) => view.Order
        .Select(key => (key, view.Find(key)!.State))
        .Where(pair => pair.State != FreshnessState.Live)
        .OrderBy(pair => pair.key, StringComparer.Ordinal);

    private static void States(FrameText text, RowsView view)
    {
        text.Raw(",\"states\":{"u8);
        var first = true;
        foreach (var (key, state) in StatesOf(view))
        {
            Name(text, key, ref first);
            text.Raw("\""u8);
            text.Raw(FrameText.WordOf(state));
            text.Raw("\""u8);
        }

        text.Raw("}"u8);
    }

    private static void End(FrameText text, RowsView view, bool withTotal)
    {
        if (withTotal)
        {
            text.Raw(",\"total\":"u8);
            text.Number(view.Total);
        }

        text.Raw(",\"at\":"u8);
        text.Number(view.At);
        text.Raw("}"u8);
    }
}
