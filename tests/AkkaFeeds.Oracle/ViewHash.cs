using System.Globalization;
using System.Text;

namespace AkkaFeeds.LogOracle;

/// <summary>A short name of a view's canonical spelling (FNV-1a, 64 bits), so that histories stay small.</summary>
public static class ViewHash
{
    /// <summary>The hash of a text.</summary>
    public static string Of(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var each in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ each) * 1099511628211UL);
        }

        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}
