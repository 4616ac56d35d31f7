using System.Text.Json;

namespace AkkaFeeds.Contracts;

/// <summary>
/// How deep JSON that the product itself has made of records may be nested. A record has 64 levels at most
/// (docs/language.md), which is also what System.Text.Json reads where it is not told otherwise; a view, a frame, a
/// collection and an answer each stand around it.
/// </summary>
public static class ViewDepth
{
    /// <summary>The levels of a record, of objects that an expression makes of it, and of what follows.</summary>
    public const int Most = 160;

    /// <summary>For readers of bytes.</summary>
    public static JsonReaderOptions OfReaders => new() { MaxDepth = Most };

    /// <summary>For documents, elements and nodes.</summary>
    public static JsonDocumentOptions OfDocuments => new() { MaxDepth = Most };

    /// <summary>For what is made into elements.</summary>
    public static JsonSerializerOptions OfSerializer { get; } = new() { MaxDepth = Most };
}
