namespace AkkaFeeds.Harness;

/// <summary>
/// What all the clients of a run have held: whoever holds the same version of the same epoch of one thing must hold
/// the same. Safe for several threads.
/// </summary>
public sealed class ViewRegister
{
    private const int VersionsMax = 64;

    private readonly Dictionary<(string What, string Epoch), SortedDictionary<long, Seen>> seen = [];
    private readonly Lock gate = new();

    /// <summary>How many times two clients were compared.</summary>
    public long Compared { get; private set; }

    /// <summary>Says what a client holds; gives the difference to what another held, or null.</summary>
    /// <param name="what">The key with the fields wanted, or the collection's query.</param>
    /// <param name="epoch">Its epoch.</param>
    /// <param name="version">Its version.</param>
    /// <param name="text">Its canonical spelling.</param>
    /// <param name="client">Who holds it.</param>
    public string? Meet(string what, string epoch, long version, string text, string client)
    {
        lock (gate)
        {
            if (!seen.TryGetValue((what, epoch), out var versions))
            {
                seen.Add((what, epoch), versions = []);
            }

            if (versions.TryGetValue(version, out var first))
            {
                Compared += first.Client == client ? 0 : 1;
                return first.Text == text ? null
                    : $"{what} {epoch} version {version}: {text}, but {first.Client} held {first.Text}";
            }

            versions.Add(version, new(text, client));
            if (versions.Count > VersionsMax)
            {
                versions.Remove(versions.Keys.First());
            }

            return null;
        }
    }

    private sealed record Seen(string Text, string Client);
}
