using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AkkaFeeds.Contracts;

/// <summary>
/// A view, or a part of one, as a tree that never changes: an object with members, or a leaf. Arrays, and objects
/// without members, are leaves. Each part knows its own JSON text, so that nothing is written twice.
/// </summary>
public sealed class ViewNode
{
    private readonly Member[] members;
    private readonly ReadOnlyMemory<byte> text;

    private ViewNode(Member[] members, ReadOnlyMemory<byte> text)
    {
        this.members = members;
        this.text = text;
    }

    /// <summary>A view without fields.</summary>
    public static ViewNode Empty { get; } = new([], "{}"u8.ToArray());

    /// <summary>Whether it is an object with members.</summary>
    public bool IsObject => members.Length > 0;

    /// <summary>How many members it has.</summary>
    public int Count => members.Length;

    /// <summary>The name of a member.</summary>
    public string NameAt(int place) => members[place].Name;

    /// <summary>The value of a member.</summary>
    public ViewNode ValueAt(int place) => members[place].Value;

    /// <summary>Reads a view.</summary>
    /// <param name="json">One JSON value in UTF-8; the tree keeps slices of it.</param>
    /// <param name="like">A former view, whose names are shared where they are the same.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static ViewNode Parse(ReadOnlyMemory<byte> json, ViewNode? like = null)
    {
        var reader = new Utf8JsonReader(json.Span, ViewDepth.OfReaders);
        reader.Read();
        return Read(ref reader, json, like);
    }

    /// <summary>The member of that name, or null.</summary>
    public ViewNode? Find(string name)
    {
        foreach (ref readonly var member in members.AsSpan())
        {
            if (member.Name == name)
            {
                return member.Value;
            }
        }

        return null;
    }

    /// <summary>This object with some of its members replaced or added, and others taken away.</summary>
    /// <param name="replaced">The members that have other values now, each with its whole value.</param>
    /// <param name="removed">The names of those that have none any more.</param>
    public ViewNode With(ViewNode replaced, IReadOnlyList<string> removed)
    {
        var result = new List<Member>(members.Length + replaced.members.Length);
        var used = 0;
        foreach (var member in members)
        {
            if (removed.Count > 0 && removed.Contains(member.Name))
            {
                continue;
            }

            var place = replaced.PlaceOf(member.Name);
            used += place < 0 ? 0 : 1;
            result.Add(place < 0 ? member : replaced.members[place]);
        }

        if (used < replaced.members.Length)
        {
            result.AddRange(replaced.members.Where(member => PlaceOf(member.Name) < 0));
        }

        return result.Count == 0 ? Empty : new ViewNode([.. result], default);
    }

    /// <summary>Adds the paths in which two views differ: leaves that are gone, new, or another value.</summary>
    public static void Compare(ViewNode? before, ViewNode? after, PathSet changed)
    {
        if (ReferenceEquals(before, after))
        {
            return;
        }

        // Two versions have their members in nearly the same order, so the next one is looked for behind the last.
        var place = -1;
        foreach (var member in before?.members ?? [])
        {
            place = after?.PlaceOf(member.Name, place + 1) ?? -1;
            CompareMember(member.Name, member.Value, place < 0 ? null : after!.members[place].Value, changed);
        }

        place = -1;
        foreach (var member in after?.members ?? [])
        {
            place = before?.PlaceOf(member.Name, place + 1) ?? -1;
            if (place < 0)
            {
                AddLeaves(member.Name, member.Value, changed);
            }
        }
    }

    /// <summary>Its whole JSON text.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        if (!text.IsEmpty)
        {
            return text;
        }

        var buffer = new ArrayBufferWriter<byte>(512);
        Write(buffer);
        return buffer.WrittenMemory;
    }

    /// <summary>Writes it whole.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        if (!text.IsEmpty)
        {
            output.Write(text.Span);
            return;
        }

        var first = true;
        foreach (ref readonly var member in members.AsSpan())
        {
            output.Write(first ? "{"u8 : ","u8);
            output.Write(member.NameText.Span);
            output.Write(":"u8);
            member.Value.Write(output);
            first = false;
        }

        output.Write("}"u8);
    }

    /// <summary>Writes some fields of it.</summary>
    public void Write(IBufferWriter<byte> output, FieldSelection? fields)
    {
        if (fields is null)
        {
            Write(output);
            return;
        }

        output.Write("{"u8);
        var first = true;
        foreach (ref readonly var member in members.AsSpan())
        {
            if (fields.Contains(member.Name))
            {
                output.Write(first ? ""u8 : ","u8);
                output.Write(member.NameText.Span);
                output.Write(":"u8);
                member.Value.Write(output);
                first = false;
            }
        }

        output.Write("}"u8);
    }

    /// <summary>
    /// Writes a JSON Merge Patch of some paths: each with its value here, null where it is gone. False, with nothing
    /// written, where the paths have none of <paramref name="fields"/>.
    /// </summary>
    public bool TryWritePatch(PathSet paths, FieldSelection? fields, IBufferWriter<byte> output)
    {
        var first = true;
        for (var place = 0; place < paths.Count; place++)
        {
            var name = paths.NameAt(place);
            if (fields is not null && !fields.Contains(name))
            {
                continue;
            }

            output.Write(first ? "{"u8 : ","u8);
            first = false;
            var at = PlaceOf(name);
            if (at < 0)
            {
                output.Write(TextOf(name));
                output.Write(":null"u8);
                continue;
            }

            output.Write(members[at].NameText.Span);
            output.Write(":"u8);
            var value = members[at].Value;

            // An object without members takes away what a client may still have in it.
            var isObject = value.IsObject || value.text.Span.SequenceEqual("{}"u8);
            if (!isObject || paths.ChildAt(place) is not { IsEmpty: false } below)
            {
                value.Write(output);
            }
            else
            {
                value.TryWritePatch(below, null, output);
            }
        }

        if (!first)
        {
            output.Write("}"u8);
        }

        return !first;
    }

    private static void CompareMember(string name, ViewNode before, ViewNode? after, PathSet changed)
    {
        if (ReferenceEquals(before, after))
        {
            return;
        }

        if (after is null)
        {
#if !DEFECT_REMOVED_NOT_NAMED
            AddLeaves(name, before, changed);
#endif
        }
        else if (before.IsObject && after.IsObject)
        {
            if (before.text.IsEmpty || !before.text.Span.SequenceEqual(after.text.Span))
            {
                var below = new PathSet();
                Compare(before, after, below);
                if (!below.IsEmpty)
                {
                    changed.Below(name).Add(below);
                }
            }
        }
        else if (before.IsObject || after.IsObject || !before.text.Span.SequenceEqual(after.text.Span))
        {
            AddLeaves(name, before, changed);
            AddLeaves(name, after, changed);
        }
    }

    private static void AddLeaves(string name, ViewNode node, PathSet changed)
    {
        if (!node.IsObject)
        {
            changed.Add(name);
            return;
        }

        var below = changed.Below(name);
        foreach (var member in node.members)
        {
            AddLeaves(member.Name, member.Value, below);
        }
    }

    private static ViewNode Read(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, ViewNode? like)
    {
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return new ViewNode([], json[start..(int)reader.BytesConsumed]);
        }

        var found = new List<Member>(like?.members.Length ?? 8);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var nameText = json.Slice((int)reader.TokenStartIndex, reader.ValueSpan.Length + 2);
            var (name, known, former) = Name(ref reader, nameText, like, found.Count);
            reader.Read();
            found.Add(new Member(name, known, Read(ref reader, json, former)));
        }

        var text = json[start..(int)reader.BytesConsumed];
        return new ViewNode([.. found], text);
    }

    // Views of one key have the same names in the same order nearly always: the former view's are taken then, which
    // saves the string.
    private static (string Name, ReadOnlyMemory<byte> Text, ViewNode? Former) Name(
        ref Utf8JsonReader reader, ReadOnlyMemory<byte> nameText, ViewNode? like, int place)
    {
        if (like is not null && place < like.members.Length
            && like.members[place].NameText.Span.SequenceEqual(nameText.Span))
        {
            ref readonly var member = ref like.members[place];
            return (member.Name, member.NameText, member.Value);
        }

        var name = reader.GetString()!;
        var at = like?.PlaceOf(name) ?? -1;
        return at < 0
            ? (name, nameText, null)
            : (like!.members[at].Name, like.members[at].NameText, like.members[at].Value);
    }

    private static byte[] TextOf(string name) => Encoding.UTF8.GetBytes(
        $"\"{JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");

    private int PlaceOf(string name, int from = 0)
    {
        for (var place = from; place < members.Length; place++)
        {
            if (members[place].Name == name)
            {
                return place;
            }
        }

        for (var place = Math.Min(from, members.Length) - 1; place >= 0; place--)
        {
            if (members[place].Name == name)
            {
                return place;
            }
        }

        return -1;
    }

    private readonly record struct Member(string Name, ReadOnlyMemory<byte> NameText, ViewNode Value);
}
