using Akka.Actor;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots;

/// <summary>Who waits for a key to change: the long polls of this slot.</summary>
internal sealed class Waiters
{
    /// <summary>How many may wait at a slot; one more is answered at once that nothing has changed.</summary>
    public const int CountMax = 20_000;

    private readonly Dictionary<KeyName, List<Waiter>> waiters = [];

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one; false where too many wait already.</summary>
    public bool TryAdd(KeyName key, string tag, DateTimeOffset until, IActorRef sender)
    {
        if (Count >= CountMax)
        {
            return false;
        }

        if (!waiters.TryGetValue(key, out var list))
        {
            waiters.Add(key, list = []);
        }

        list.Add(new Waiter(tag, until, sender));
        Count++;
        return true;
    }

    /// <summary>
    /// Takes out who need not wait any longer: with a snapshot those whose tag differs from the key's, without one
    /// those whose
    /// time is over.
    /// </summary>
    public void Release(SlotViews views, DateTimeOffset now, Action<IActorRef, KeySnapshot?> answer)
    {
        if (Count == 0)
        {
            return;
        }

        foreach (var (key, list) in waiters.ToList())
        {
            var tag = views.TagOf(key);
            KeySnapshot? snapshot = null;
            Count -= list.RemoveAll(waiter =>
            {
                if (waiter.Tag != tag)
                {
                    answer(waiter.Sender, snapshot ??= views.Snapshot(key));
                    return true;
                }

                if (now >= waiter.Until)
                {
                    answer(waiter.Sender, null);
                    return true;
                }

                return false;
            });
            if (list.Count == 0)
            {
                waiters.Remove(key);
            }
        }
    }

    private sealed record Waiter(string Tag, DateTimeOffset Until, IActorRef Sender);
}
