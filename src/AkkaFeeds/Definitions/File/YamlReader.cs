using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AkkaFeeds.Definitions.Files;

/// <summary>
/// YAML's events to nodes with places. What this file does not use (tags, anchors, aliases) is kept as a mark.
/// </summary>
internal sealed class YamlReader
{
    private const int DepthMax = 32;
    private const int KeyCharactersMin = 40;
    private readonly YamlText text;
    private readonly ErrorList errors;
    private readonly List<(Place Place, string Field, string Value, string Problem, string Way)> found = [];
    private readonly Parser parser;
    private int depth;

    private YamlReader(YamlText text, ErrorList errors)
    {
        this.text = text;
        this.errors = errors;
        parser = new Parser(new StringReader(text.Current));
    }

    /// <summary>The root of the file; null, with the errors, where there is none.</summary>
    public static MapNode? Read(string file, string content, ErrorList errors)
    {
        var text = new YamlText(file, content);
        while (true)
        {
            var reader = new YamlReader(text, errors);
            try
            {
                var root = reader.Document();
                reader.Publish();
                return root;
            }
            catch (YamlException problem)
            {
                var (start, current) = (reader.PlaceOf(problem.Start), reader.parser.Current?.Start.Line ?? 1);
                if (!text.TryRepair(start, start.Line, problem.End.Line, start.Line - 1, current))
                {
                    reader.Fail(start, problem.Message);
                    return null;
                }
            }
            catch (InvalidOperationException)
            {
                // YamlDotNet's own answer to a bracket that is never closed.
                var end = reader.PlaceOf(reader.parser.Current?.End ?? Mark.Empty);
                if (!text.TryRepair(end, end.Line))
                {
                    reader.Fail(end, "a bracket or a quote is not closed.");
                    return null;
                }
            }
        }
    }

    // Errors of a reading that is tried again after a repair would appear twice: they are kept until a reading ends.
    private void Publish()
    {
        foreach (var (place, field, value, problem, way) in found)
        {
            errors.Add(place, field, value, problem, way);
        }
    }

    private void Fail(Place where, string message)
    {
        Publish();
        foreach (var (place, raw, key) in text.Broken.Where(each => each.Place.Line != where.Line))
        {
            errors.Add(place, key, raw, "YAML cannot read it", "quote it");
        }

        var line = text.Original(where.Line).Trim();
        if (line.StartsWith("*:", StringComparison.Ordinal))
        {
            var star = where with { Column = text.Indentation(where.Line) };
            errors.Add(star, "file", line, "YAML reads a leading * as an alias", "quote it: \"*\"");
            return;
        }

        // A line without a field's name may be a piece of a key in several lines.
        var isSecret = Secrets.IsSecret(line)
            || (line.Length >= KeyCharactersMin && !line.Contains(' ', StringComparison.Ordinal));
        var detail = message.TrimEnd('.');
        errors.Add(
            where, "file", isSecret ? Secrets.Masked : line,
            $"is not YAML ({char.ToLowerInvariant(detail[0])}{detail[1..]})",
            "check the quotes and the indentation of this line and the one before");
    }

    private MapNode? Document()
    {
        Next();
        var first = Next();
        var start = new Place(text.File, 1, 1);
        if (first is not DocumentStart)
        {
            found.Add((start, "file", text.File, "is empty", "write the sections kafka and feeds"));
            return null;
        }

        var root = Node(Next(), "");
        Next();
        if (Next() is DocumentStart second)
        {
            found.Add(
                (PlaceOf(second), "file", "---", "a second document starts here", "keep one document in a file"));
        }

        switch (root)
        {
            case MapNode { Misread: Misread.None } map:
                return map;
            case ScalarNode { IsNull: true }:
                found.Add((start, "file", text.File, "is empty", "write the sections kafka and feeds"));
                return null;
            default:
                found.Add((
                    root.Place, "file", root.Raw, $"is {root.Noun}, not a mapping",
                    "write the sections kafka and feeds, each with a colon"));
                return null;
        }
    }

    private ParsingEvent Next() =>
        parser.MoveNext() ? parser.Current! : throw new InvalidOperationException("The events ended early.");

    private YamlNode Node(ParsingEvent current, string path)
    {
        var place = PlaceOf(current);
        var raw = text.Rest(current.Start.Line, current.Start.Column);
        switch (current)
        {
            case Scalar scalar:
                return ScalarOf(scalar, place, raw);
            case AnchorAlias:
                return new ScalarNode(
                    place, "", isPlain: false) { Misread = Misread.Alias, Raw = WithoutComment(raw) };
            case NodeEvent node when depth < DepthMax:
                depth++;
                YamlNode made = node is MappingStart ? Map(node, place, raw, path) : List(node, place, raw, path);
                depth--;
                return made;
            default:
                throw new YamlException(current.Start, current.End, $"Nested more than {DepthMax} deep.");
        }
    }

    private ScalarNode ScalarOf(Scalar scalar, Place place, string raw)
    {
        var isPlain = scalar.Style is ScalarStyle.Plain or ScalarStyle.Any;
        if (text.BrokenAt(place) is { } broken)
        {
            return new ScalarNode(place, "", isPlain: false) { Misread = Misread.Syntax, Raw = broken };
        }

        var misread = MisreadOf(scalar);
        if (misread == Misread.None && isPlain && scalar.Start.Line == scalar.End.Line)
        {
            var rest = text.Rest(scalar.End.Line, scalar.End.Column);
            misread = rest.Length > 0 && YamlText.IsCutOff(scalar.Value) ? CutBy(rest.TrimStart()[0]) : Misread.None;
        }

        var shown = misread switch
        {
            Misread.None => scalar.Value,
            Misread.Comment or Misread.Comma => raw,
            _ => WithoutComment(raw),
        };
        return new ScalarNode(place, scalar.Value, isPlain)
        {
            Misread = misread,
            Raw = shown,
            TextPlace = scalar.Style switch
            {
                ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted => place with { Column = place.Column + 1 },
                ScalarStyle.Literal or ScalarStyle.Folded =>
                    place with { Line = place.Line + 1, Column = text.Indentation(place.Line + 1) },
                _ => place,
            },
        };
    }

    private ListNode List(NodeEvent start, Place place, string raw, string path)
    {
        var items = new List<YamlNode>();
        for (var current = Next(); current is not SequenceEnd; current = Next())
        {
            items.Add(Node(current, path));
        }

        return new ListNode(place, items) { Misread = MisreadOf(start), Raw = UpTo(place, raw) };
    }

    private MapNode Map(NodeEvent start, Place place, string raw, string path)
    {
        var entries = new List<MapEntry>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var current = Next(); current is not MappingEnd; current = Next())
        {
            var key = Node(current, path);
            var name = (key as ScalarNode)?.Text ?? "";
            var field = path.Length == 0 ? name : $"{path}.{name}";
            var value = Node(Next(), field);
            if (key is not ScalarNode { Misread: Misread.None } word)
            {
                found.Add((
                    key.Place, path.Length == 0 ? "file" : path, key.Raw, "is not a plain key", "write a plain word"));
            }
            else if (word.Raw == "<<")
            {
                found.Add((key.Place, field, "<<", "merge keys are refused", "write the values out"));
            }
            else if (!lines.TryAdd(name, key.Place.Line))
            {
                found.Add((key.Place, field, name, $"is a duplicate of line {lines[name]}", "keep one of them"));
            }
            else
            {
                entries.Add(new MapEntry(word, value));
            }
        }

        return new MapNode(place, entries) { Misread = MisreadOf(start), Raw = UpTo(place, raw) };
    }

    private Place PlaceOf(ParsingEvent current) => PlaceOf(current.Start);

    private Place PlaceOf(Mark mark) => new(text.File, (int)Math.Max(mark.Line, 1), (int)Math.Max(mark.Column, 1));

    private static Misread MisreadOf(NodeEvent node) =>
        !node.Tag.IsEmpty ? Misread.Tag : !node.Anchor.IsEmpty ? Misread.Anchor : Misread.None;

    // A mapping or list between brackets on one line is shown up to its closing bracket, which is where its end event
    // stands.
    private string UpTo(Place start, string raw)
    {
        var end = parser.Current!.Start;
        var count = (int)end.Column - start.Column + 1;
        return end.Line == start.Line && raw.Length >= count && count > 0 && raw[0] is '{' or '[' ? raw[..count] : raw;
    }

    private static Misread CutBy(char next) => next switch
    {
        '#' => Misread.Comment,
        ',' or '}' or ']' => Misread.Comma,
        _ => Misread.None,
    };

    private static string WithoutComment(string raw) =>
        raw.IndexOf(" #", StringComparison.Ordinal) is > 0 and var index ? raw[..index].TrimEnd() : raw;
}
