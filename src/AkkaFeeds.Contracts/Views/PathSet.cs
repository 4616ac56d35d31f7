namespace AkkaFeeds.Contracts;

/// <summary>
/// Paths of a view, as a tree of names: fields, and members of object fields down to leaves. It says which paths
/// changed at least once, never what they were. Not safe for several threads while it grows.
/// </summary>
public sealed class PathSet
{
    // Up to here a walk over the names is faster than a table of them.
    private const int WalkedMax = 24;

    private string[] names = [];

    // As many as were needed: most paths are fields.
    private PathSet?[] children = [];
    private Dictionary<string, int>? places;

    /// <summary>How many names stand at this level.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is no path.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>The name at a place, 0 to <see cref="Count"/> exclusive.</summary>
    public string NameAt(int place) => names[place];

    /// <summary>What of the name at a place changed; null or empty where it changed as a whole.</summary>
    public PathSet? ChildAt(int place) => place < children.Length ? children[place] : null;

    /// <summary>Whether a name stands at this level.</summary>
    public bool Contains(string name) => PlaceOf(name) >= 0;

    /// <summary>Adds a path of one name.</summary>
    public void Add(string name) => Ensure(name);

    /// <summary>The paths below a name, which is added where it is missing.</summary>
    public PathSet Below(string name)
    {
        var place = Ensure(name);
        if (children.Length < names.Length)
        {
            Array.Resize(ref children, names.Length);
        }

        return children[place] ??= new PathSet();
    }

    /// <summary>Adds all paths of another set.</summary>
    public void Add(PathSet other)
    {
        for (var place = 0; place < other.Count; place++)
        {
            if (other.ChildAt(place) is { IsEmpty: false } below)
            {
                Below(other.names[place]).Add(below);
            }
            else
            {
                Ensure(other.names[place]);
            }
        }
    }

    private int Ensure(string name)
    {
        var place = PlaceOf(name);
        if (place >= 0)
        {
            return place;
        }

        if (Count == names.Length)
        {
            Array.Resize(ref names, Math.Max(4, 2 * Count));
        }

        names[Count] = name;
        if (places is not null)
        {
            places.Add(name, Count);
        }
        else if (Count == WalkedMax)
        {
            places = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var index = 0; index <= Count; index++)
            {
                places.Add(names[index], index);
            }
        }

        return Count++;
    }

    private int PlaceOf(string name)
    {
        if (places is not null)
        {
            return places.GetValueOrDefault(name, -1);
        }

        for (var place = 0; place < Count; place++)
        {
            if (names[place] == name)
            {
                return place;
            }
        }

        return -1;
    }
}
