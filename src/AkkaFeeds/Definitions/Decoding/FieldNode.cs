using System.Runtime.CompilerServices;
using System.Text;

namespace AkkaFeeds.Definitions.Decoding;

/// <summary>The fields in use, as a tree: what the scanner looks for at one level of a record.</summary>
internal sealed class FieldNode
{
    private const int PlacesMax = 128;
    private const int NameBytesMax = 80;
    private const int MissesARenewal = 61;

    // Names of one length are few: comparing them one by one beats hashing each name of each record.
    private FieldNode[]?[] byLength = [];

    // The records of a topic nearly always have their members in one order: what stood at each place last time is
    // tried first.
    private Member[] layout = [];
    private int misses;

    private FieldNode(string name)
    {
        Name = Encoding.UTF8.GetBytes(name);
    }

    /// <summary>The member's name in UTF-8.</summary>
    public byte[] Name { get; }

    /// <summary>The column that takes this member's value, or -1.</summary>
    public int Column { get; private set; } = -1;

    /// <summary>Whether the column is an event time and nothing else, so that nobody asks for its text.</summary>
    public bool IsTime { get; private set; }

    /// <summary>Whether members of this one are in use.</summary>
    public bool HasChildren { get; private set; }

    /// <summary>All columns below this node: they go when the member comes a second time.</summary>
    public int[] Below { get; private set; } = [];

    /// <summary>The tree of <paramref name="columns"/>; what is not a field or the root is not in it.</summary>
    public static FieldNode Build(IReadOnlyList<ColumnRef> columns, Func<ColumnRef, bool> isTime)
    {
        var root = new FieldNode("");
        for (var column = 0; column < columns.Count; column++)
        {
            if (columns[column].Source is ColumnSource.Field or ColumnSource.Root)
            {
                root.Add(columns[column].Path, column, isTime(columns[column]));
            }
        }

        return root;
    }

    /// <summary>
    /// Whether the member that stood at <paramref name="place"/> last time stands here again, its name with quotes
    /// and colon; then its
    /// node (null where it is not in use) and how many bytes that is.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryExpected(int place, ReadOnlySpan<byte> rest, out FieldNode? node, out int length)
    {
        if ((uint)place < (uint)layout.Length)
        {
            ref readonly var member = ref layout[place];
            if (member.Text is { } text && rest.StartsWith(text))
            {
                node = member.Node;
                length = text.Length;
                return true;
            }
        }

        node = null;
        length = 0;
        return false;
    }

    /// <summary>Notes what stands at a place: text that was found to be a name in quotes and a colon.</summary>
    public void Expect(int place, ReadOnlySpan<byte> text, FieldNode? node)
    {
        if (place >= PlacesMax || text.Length > NameBytesMax)
        {
            return;
        }

        if (layout.Length <= place)
        {
            Array.Resize(ref layout, place + 1);
        }

        // Where members come and go, renewing each place each time would make more garbage than it saves work.
        if (layout[place].Text is not null && ++misses % MissesARenewal != 0)
        {
            return;
        }

        layout[place] = new Member(text.ToArray(), node);
    }

    /// <summary>The member in use with this name, or null.</summary>
    public FieldNode? Find(ReadOnlySpan<byte> name)
    {
        var candidates = byLength;
        if ((uint)name.Length >= (uint)candidates.Length || candidates[name.Length] is not { } nodes)
        {
            return null;
        }

        foreach (var node in nodes)
        {
            if (name.SequenceEqual(node.Name))
            {
                return node;
            }
        }

        return null;
    }

    private void Add(ReadOnlySpan<string> path, int column, bool isTime)
    {
        if (path.IsEmpty)
        {
            Column = column;
            IsTime = isTime;
            return;
        }

        HasChildren = true;
        Below = [.. Below, column];
        var child = Find(Encoding.UTF8.GetBytes(path[0]));
        if (child is null)
        {
            child = new FieldNode(path[0]);
            var length = child.Name.Length;
            if (byLength.Length <= length)
            {
                Array.Resize(ref byLength, length + 1);
            }

            byLength[length] = [.. byLength[length] ?? [], child];
        }

        child.Add(path[1..], column, isTime);
    }

    private readonly record struct Member(byte[]? Text, FieldNode? Node);
}
