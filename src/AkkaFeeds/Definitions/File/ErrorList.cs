namespace AkkaFeeds.Definitions.Files;

/// <summary>Collects what is wrong; secrets are masked on the way in, so that no caller can forget it.</summary>
internal sealed class ErrorList
{
    /// <summary>What stands in an error for a value that is not there.</summary>
    public const string Nothing = "(nothing)";

    private const int ValueCharactersMax = 80;
    private readonly List<DefinitionError> errors = [];

    public int Count => errors.Count;

    public void Add(Place place, string field, string value, string problem, string suggestion) =>
        errors.Add(new DefinitionError(
            place.Origin, place.Line, place.Column,
            field.Length == 0 ? Nothing : OneLine(field, int.MaxValue),
            string.IsNullOrWhiteSpace(value) ? Nothing : OneLine(Secrets.Mask(field, value), ValueCharactersMax),
            OneLine(problem, int.MaxValue),
            OneLine(suggestion, int.MaxValue)));

    public void Add(YamlNode node, string field, string problem, string suggestion) =>
        Add(node.Place, field, node.Raw, problem, suggestion);

    /// <summary>The file's errors first, in its order; then the environment's; then the command line's.</summary>
    public IReadOnlyList<DefinitionError> Sorted() =>
        [.. errors.Distinct().OrderBy(Rank).ThenBy(error => error.Line).ThenBy(error => error.Column)];

    private static int Rank(DefinitionError error) => error.File switch
    {
        Place.Environment => 1,
        Place.Set => 2,
        _ => 0,
    };

    // An error is one line, whatever the file holds: a control character would let a value forge another line.
    private static string OneLine(string text, int charactersMax)
    {
        var cut = text.Length > charactersMax ? string.Concat(text.AsSpan(0, charactersMax - 3), "...") : text;
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (var index = 0; index < span.Length; index++)
            {
                var character = source[index];
                span[index] = char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character;
            }
        });
    }
}
