using System.Collections.Concurrent;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>
/// What was executed of a view, for all connections that ask alike: most pages of a dashboard do, and to execute costs
/// more than all else that is done for a change. Safe for several threads.
/// </summary>
/// <param name="bytesMax">How much is kept; half of it is forgotten at once.</param>
internal sealed class SharedResults(int bytesMax = SharedResults.BytesStandard)
{
    /// <summary>Thousands of results of ordinary views.</summary>
    public const int BytesStandard = 8 * 1024 * 1024;

    private const int EntryBytes = 200;

    private readonly Lock gate = new();
    private volatile ConcurrentDictionary<Name, byte[]> young = new();
    private volatile ConcurrentDictionary<Name, byte[]> old = new();
    private int bytes;

    /// <summary>The result of that name, or null.</summary>
    public byte[]? Find(in Name name) =>
        young.TryGetValue(name, out var result) || old.TryGetValue(name, out result) ? result : null;

    /// <summary>Keeps a result for a while.</summary>
    public void Add(in Name name, byte[] result)
    {
        lock (gate)
        {
            var size = result.Length + (sizeof(char) * name.Selection.Length) + EntryBytes;
            if (bytes > 0 && bytes + size > bytesMax / 2)
            {
                (old, young, bytes) = (young, new ConcurrentDictionary<Name, byte[]>(), 0);
            }

            if (young.TryAdd(name, result))
            {
                bytes += size;
            }
        }
    }

    /// <summary>All that a result depends on.</summary>
    /// <param name="Selection">The operation: its text, name and variables.</param>
    /// <param name="Tenant">Whose key it is.</param>
    /// <param name="Feed">The feed.</param>
    /// <param name="Face">What is shown of the key; its epoch and version name the view.</param>
    internal readonly record struct Name(string Selection, string Tenant, string Feed, ShownKey Face);
}
