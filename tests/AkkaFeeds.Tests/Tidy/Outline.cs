using System.Text.RegularExpressions;

namespace AkkaFeeds.Tests.Tidy;

/// <summary>
/// The types of a file and the members with a body, found by counting braces: no compiler, so approximate by design.
/// </summary>
internal sealed partial class Outline
{
    private readonly SourceFile file;
    private readonly Stack<Block> blocks = new();
    private readonly List<TypeOutline> types = [];
    private readonly List<MemberOutline> members = [];

    private Outline(SourceFile file) => this.file = file;

    public IReadOnlyList<TypeOutline> Types => types;

    public IReadOnlyList<MemberOutline> Members => members;

    public static Outline Of(SourceFile file)
    {
        var outline = new Outline(file);
        outline.Read();
        return outline;
    }

    private void Read()
    {
        var code = file.Code;
        var header = 0;
        for (var index = 0; index < code.Length; index++)
        {
            switch (code[index])
            {
                case '{':
                    blocks.Push(new(header, KindOf(code[header..index])));
                    header = index + 1;
                    break;
                case '}' when blocks.TryPop(out var block):
                    Close(block, index);
                    header = index + 1;
                    break;
                case ';':
                    Statement(header, index);
                    header = index + 1;
                    break;
            }
        }
    }

    private bool InTypeBody => blocks.Count > 0 && blocks.Peek().Kind == BlockKind.Type;

    private bool AtTopLevel => blocks.All(block => block.Kind == BlockKind.Namespace);

    private BlockKind KindOf(string header) =>
        TypeHeader().IsMatch(header) ? BlockKind.Type
        : NamespaceHeader().IsMatch(header) ? BlockKind.Namespace
        : InTypeBody ? BlockKind.Member
        : BlockKind.Inner;

    private void Close(Block block, int end)
    {
        switch (block.Kind)
        {
            case BlockKind.Type:
                AddType(block.Start, end);
                break;
            case BlockKind.Member:
                AddMember(block.Start, end);
                break;
        }
    }

    /// <summary>A semicolon ends a positional record at the top, or a member written with an arrow.</summary>
    private void Statement(int start, int end)
    {
        var header = file.Code[start..end];
        if (TypeHeader().IsMatch(header))
        {
            AddType(start, end);
        }
        else if (InTypeBody && header.Contains("=>", StringComparison.Ordinal))
        {
            AddMember(start, end);
        }
    }

    private void AddType(int start, int end)
    {
        var match = TypeHeader().Match(file.Code[start..end]);
        types.Add(new(
            match.Groups["name"].Value, match.Groups["modifiers"].Value.Trim(), match.Groups["bases"].Value.Trim(),
            file.LineAt(start + match.Groups["modifiers"].Index), file.LineAt(end), AtTopLevel,
            file.Code[start..end]));
    }

    private void AddMember(int start, int end)
    {
        var header = file.Code[start..end];
        var first = start + (header.Length - header.TrimStart().Length);
        members.Add(new(file.LineAt(first), file.LineAt(end)));
    }

    private enum BlockKind
    {
        Namespace,
        Type,
        Member,
        Inner,
    }

    private sealed record Block(int Start, BlockKind Kind);

    private const string Attributes = @"(\[[^\]]*\]\s*)*";

    private const string Modifiers =
        @"(?<modifiers>((public|internal|private|protected|file|static|sealed|abstract|partial|readonly|ref|unsafe"
        + @"|new)\s+)*)";

    private const string Keyword = @"(class|struct|interface|enum|record(\s+(class|struct))?)\s+";

    private const string Parameters = @"(\((?>[^()]+|\((?<open>)|\)(?<-open>))*(?(open)(?!))\))?";

    [GeneratedRegex(
        @"^\s*" + Attributes + Modifiers + Keyword + @"(?<name>\w+)\s*(<[^>]*>)?\s*" + Parameters
            + @"\s*(:(?<bases>[^{;]*))?",
        RegexOptions.ExplicitCapture)]
    private static partial Regex TypeHeader();

    [GeneratedRegex(@"^\s*(using[^{]*)?namespace\s")]
    private static partial Regex NamespaceHeader();
}

/// <summary>A type of a file.</summary>
internal sealed record TypeOutline(
    string Name, string Modifiers, string Bases, int FirstLine, int LastLine, bool TopLevel, string Code)
{
    public int Lines => LastLine - FirstLine + 1;

    public bool Has(string modifier) => Modifiers.Split(' ', '\n').Contains(modifier);
}

/// <summary>A member with a body, from its first attribute to its last brace.</summary>
internal sealed record MemberOutline(int FirstLine, int LastLine)
{
    public int Lines => LastLine - FirstLine + 1;
}
