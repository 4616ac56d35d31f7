namespace AkkaFeeds.Tests.Harness.Frames;

/// <summary>A way in which a server could be wrong, put into a recording.</summary>
/// <param name="Rule">The rule that has to be said to be broken; several by <c>|</c>, where any tells it.</param>
/// <param name="Apply">Changes a copy of a recording; false where the recording has no place for it.</param>
internal sealed record FrameDefect(string Rule, Func<List<FrameEvent>, bool> Apply)
{
    /// <summary>Changes the frame in the middle among those that fit.</summary>
    public static FrameDefect Change(
        string rule, Func<FrameEvent, bool> fits, Action<System.Text.Json.Nodes.JsonObject> change) =>
        new(rule, events => At(events, fits, index => events[index] = events[index].With(change)));

    /// <summary>Takes the frame out.</summary>
    public static FrameDefect Lose(string rule, Func<FrameEvent, bool> fits) =>
        new(rule, events => At(events, fits, events.RemoveAt));

    /// <summary>Sends the frame twice.</summary>
    public static FrameDefect Double(string rule, Func<FrameEvent, bool> fits) =>
        new(rule, events => At(events, fits, index => events.Insert(index, events[index])));

    /// <summary>Puts something behind the frame.</summary>
    public static FrameDefect Behind(
        string rule, Func<FrameEvent, bool> fits, Func<FrameEvent, FrameEvent> make) =>
        new(rule, events => At(events, fits, index => events.Insert(index + 1, make(events[index]))));

    /// <summary>Does something at the place in the middle among those that fit.</summary>
    public static bool At(List<FrameEvent> events, Func<FrameEvent, bool> fits, Action<int> act)
    {
        var places = Enumerable.Range(0, events.Count).Where(index => fits(events[index])).ToList();
        if (places.Count == 0)
        {
            return false;
        }

        act(places[places.Count / 2]);
        return true;
    }
}
