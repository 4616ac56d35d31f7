using System.Text;

namespace AkkaFeeds.Definitions.Decoding;

/// <summary>The fields in use, as a tree: what the scanner looks for at one level of a record.</summary>
internal sealed class FieldNode
{
    // Names of one length are few: comparing them one by one beats hashing each name of each record.
    private FieldNode[]?[] byLength = [];

    private FieldNode(string name)
    {
        Name = Encoding.UTF8.GetBytes(name);
    }

    /// <summary>The member's name in UTF-8.</summary>
    public byte[] Name { get; }

    /// <summary>The column that takes this member's value, or -1.</summary>
    public int Column { get; private set; } = -1;

    /// <summary>Whether members of this one are in use.</summary>
    public bool HasChildren { get; private set; }

    /// <summary>All columns below this node: they go when the member comes a second time.</summary>
    public int[] Below { get; private set; } = [];

    /// <summary>The tree of <paramref name="columns"/>; what is not a field or the root is not in it.</summary>
    public static FieldNode Build(IReadOnlyList<ColumnRef> columns)
    {
        var root = new FieldNode("");
        for (var column = 0; column < columns.Count; column++)
        {
            if (columns[column].Source is ColumnSource.Field or ColumnSource.Root)
            {
                root.Add(columns[column].Path, column);
            }
        }

        return root;
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

    private void Add(ReadOnlySpan<string> path, int column)
    {
        if (path.IsEmpty)
        {
            Column = column;
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

        child.Add(path[1..], column);
    }
}
