using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Clients;

/// <summary>A place in an outbox: what one subscription is still to be sent. Its outbox guards it.</summary>
internal abstract class Place(string feed)
{
    /// <summary>The feed.</summary>
    public string Feed => feed;

    /// <summary>Takes how old the changes are that are written; null for nobody.</summary>
    public FreshnessMeter? Freshness { get; init; }

    /// <summary>Whether the outbox has it on its list of places to look at.</summary>
    public bool IsListed { get; set; }

    /// <summary>The one behind it on that list.</summary>
    public Place? NextListed { get; set; }

    /// <summary>Whether the client has left it; what a relay shows from then on is dropped.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Where what is shown is found; its outbox sets it.</summary>
    public object? Shown { get; set; }

    /// <summary>Writes what the client lacks.</summary>
    /// <param name="now">The time, ms.</param>
    /// <param name="mayData">Whether views may be written now; states always may.</param>
    /// <param name="output">Takes the frames.</param>
    /// <returns>When to look again, ms; <see cref="long.MaxValue"/> for when something new is shown.</returns>
    public abstract long Write(long now, bool mayData, FrameBatch output);
}

/// <summary>A place for views of one kind: what comes in between is merged by replacing the view.</summary>
internal abstract class Place<TView>(Outbox outbox, string feed) : Place(feed)
    where TView : class
{
    /// <summary>What is shown now; null before anything is.</summary>
    public TView? Newest => Unsafe.As<Latest<TView>?>(Shown)?.View;

    /// <summary>Takes what a relay shows.</summary>
    public void Show(Latest<TView> latest) => Outbox.Show(this, latest);

    /// <summary>The outbox that it belongs to.</summary>
    protected Outbox Outbox { get; } = outbox;
}
