using System.Text.RegularExpressions;

namespace AkkaFeeds.Tests.Tidy;

/// <summary>One public type a file, named after it; actors hidden, sealed and made by their own Props.</summary>
internal static partial class TypeRules
{
    /// <summary>A type this small may live beside the one that it belongs to.</summary>
    public const int CompanionLines = 25;

    public static IEnumerable<Violation> Check(SourceFile file)
    {
        var types = Outline.Of(file).Types;
        TypeOutline[] publics = [.. types.Where(type => type.TopLevel && type.Has("public"))];
        var own = file.Name.Split('.')[0];
        if (publics.Length > 0 && publics.All(type => type.Name != own))
        {
            yield return new("file-name", file.Path, publics[0].FirstLine, $"no public type here is called {own}");
        }

        foreach (var type in publics.Where(type => type.Name != own && type.Lines >= CompanionLines))
        {
            yield return new(
                "one-public-type", file.Path, type.FirstLine, $"{type.Name} is no companion: {type.Lines} lines");
        }

        foreach (var actor in types.Where(type => Actor().IsMatch(type.Bases) && !type.Has("abstract")))
        {
            if (!actor.Has("sealed") || actor.Has("public"))
            {
                yield return new("actor-hidden", file.Path, actor.FirstLine, $"{actor.Name} is not internal sealed");
            }

            if (!PropsFactory().IsMatch(actor.Code))
            {
                yield return new(
                    "actor-props", file.Path, actor.FirstLine, $"{actor.Name} has no static Props Props(...)");
            }

            if (Regex.IsMatch(actor.Code, $@"\b(private|internal|protected)\s+{actor.Name}\s*\("))
            {
                yield return new(
                    "actor-constructor", file.Path, actor.FirstLine,
                    $"{actor.Name} has a constructor that is not public: Akka finds public ones only");
            }
        }

        foreach (var actor in types.Where(type => Receiving().IsMatch(type.Bases)))
        {
            yield return new(
                "actor-base", file.Path, actor.FirstLine,
                $"{actor.Name} derives from a receive actor, not from Untyped(Persistent)Actor");
        }
    }

    [GeneratedRegex(@"\b\w*Actor(Base)?\b(?!\w|<)")]
    private static partial Regex Actor();

    [GeneratedRegex(@"\bReceive(Persistent)?Actor\b")]
    private static partial Regex Receiving();

    [GeneratedRegex(@"\bstatic\s+Props\s+Props\s*\(")]
    private static partial Regex PropsFactory();
}
