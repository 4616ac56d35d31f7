using System.Text;

namespace AkkaFeeds.Definitions.Files;

/// <summary>Reads the file's text, or says in one error why not.</summary>
internal static class FileText
{
    /// <summary>The largest file, in bytes: 4 MiB.</summary>
    public const int BytesMax = 4 * 1024 * 1024;

    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string? Read(string path, ErrorList errors)
    {
        var (bytes, problem, suggestion) = ReadBytes(path);
        if (bytes is not null)
        {
            return Decode(path, bytes, errors);
        }

        errors.Add(new Place(path, 1, 1), "file", path, problem, suggestion);
        return null;
    }

    private static (byte[]? Bytes, string Problem, string Suggestion) ReadBytes(string path)
    {
        const string OtherFile = "give the path of a file that this user may read";
        try
        {
            if (string.IsNullOrWhiteSpace(path))
            {
                return (null, "no file is named", "give the path of a feeds file");
            }

            if (Directory.Exists(path))
            {
                return (null, "is a directory", "give the path of a file");
            }

            if (!System.IO.File.Exists(path))
            {
                return (null, "does not exist", "give the path of a feeds file");
            }

            using var stream = System.IO.File.OpenRead(path);
            // A pipe or a device has no length: the limit is kept while reading, too.
            var buffer = new byte[BytesMax + 1];
            var count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return count > BytesMax
                ? (null, "is larger than 4 MiB", "give a feeds file; data does not belong in it")
                : (buffer[..count], "", "");
        }
        catch (UnauthorizedAccessException)
        {
            return (null, "may not be read", OtherFile);
        }
        catch (Exception problem) when (problem is IOException or ArgumentException or NotSupportedException)
        {
            return (null, "cannot be read", OtherFile);
        }
    }

    private static string? Decode(string path, byte[] bytes, ErrorList errors)
    {
        try
        {
            var skip = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            return Strict.GetString(bytes, skip, bytes.Length - skip);
        }
        catch (DecoderFallbackException problem)
        {
            var index = Math.Clamp(problem.Index, 0, bytes.Length);
            var line = 1 + bytes.AsSpan(0, index).Count((byte)'\n');
            errors.Add(new Place(path, line, 1), "file", path, "is not UTF-8", "save it as UTF-8");
            return null;
        }
    }
}
