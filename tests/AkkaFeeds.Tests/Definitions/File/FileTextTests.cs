using AkkaFeeds.Definitions.Files;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Files;

public sealed class FileTextTests : IDisposable
{
    private const string Whole =
        "kafka: { brokers: embedded }\nfeeds: { f: { from: { topic: t }, view: { n: count() } } }\n";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("akkafeeds-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_file_that_is_missing_is_one_error() =>
        AssertError("no.yaml", "1:1: file: {0}: does not exist; give the path of a feeds file");

    [Fact]
    public void A_directory_is_one_error() =>
        AssertError("", "1:1: file: {0}: is a directory; give the path of a file");

    [Fact]
    public void No_name_is_one_error()
    {
        var (_, errors) = FeedsFile.Load("", new Dictionary<string, string>(), []);
        Assert.Equal(":1:1: file: (nothing): no file is named; give the path of a feeds file", Assert.Single(errors)
            .ToString());
    }

    [Fact]
    public void A_name_that_no_file_can_have_is_one_error()
    {
        var (_, errors) = FeedsFile.Load("a\0b", new Dictionary<string, string>(), []);
        Assert.Equal("file", Assert.Single(errors).Field);
    }

    [Fact]
    public void An_empty_file_is_one_error()
    {
        Write("a.yaml", []);
        AssertError("a.yaml", "1:1: file: {0}: is empty; write the sections kafka and feeds");
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_one_error_with_their_line()
    {
        Write("a.yaml", [(byte)'a', (byte)':', (byte)'\n', 0xC3, 0x28]);
        AssertError("a.yaml", "2:1: file: {0}: is not UTF-8; save it as UTF-8");
    }

    [Fact]
    public void Utf16_is_one_error()
    {
        Write("a.yaml", [.. System.Text.Encoding.Unicode.Preamble, .. System.Text.Encoding.Unicode.GetBytes(Whole)]);
        AssertError("a.yaml", "1:1: file: {0}: is not UTF-8; save it as UTF-8");
    }

    [Fact]
    public void A_file_above_four_MiB_is_one_error_and_one_of_four_MiB_is_read()
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes((Whole + "#").PadRight(FileText.BytesMax + 1, 'x'));
        Write("a.yaml", bytes);
        AssertError("a.yaml", "1:1: file: {0}: is larger than 4 MiB; give a feeds file; data does not belong in it");
        Write("b.yaml", bytes[..FileText.BytesMax]);
        Assert.Empty(Load("b.yaml").Errors);
    }

    [SkippableFact]
    public void A_file_that_may_not_be_read_is_one_error()
    {
        Skip.If(Environment.IsPrivilegedProcess, "this user may read every file");
        Write("a.yaml", []);
        if (OperatingSystem.IsWindows())
        {
            Skip.If(true, "Windows has no such mode");
        }
        else
        {
            File.SetUnixFileMode(Name("a.yaml"), UnixFileMode.None);
        }

        AssertError("a.yaml", "1:1: file: {0}: may not be read; give the path of a file that this user may read");
    }

    [Fact]
    public void A_byte_order_mark_and_CRLF_move_no_column()
    {
        Write("a.yaml", [.. System.Text.Encoding.UTF8.Preamble, .. System.Text.Encoding.UTF8.GetBytes(
            Whole.Replace("\n", "\r\n", StringComparison.Ordinal) + "flush: x\r\n")]);
        Assert.EndsWith(
            "a.yaml:3:8: flush: x: is not a duration; write a number with ms, s, m, h or d behind it, such as 100ms",
            Assert.Single(Load("a.yaml").Errors).ToString());
    }

    [Fact]
    public void Relative_paths_start_at_the_folder_of_the_file()
    {
        Write("keys.json", "{}"u8.ToArray());
        Write("a.yaml", System.Text.Encoding.UTF8.GetBytes("""
            kafka: { brokers: 127.0.0.1:9092 }
            store: sqlite:data/x.db
            auth: { issuer: i, audience: a, keys: keys.json }
            http: { urls: http://0.0.0.0:8080 }
            feeds: { f: { from: { topic: t }, view: { n: count() } } }
            """));
        var (options, errors) = Load("a.yaml");
        Assert.Empty(errors.Select(error => error.ToString()));
        Assert.Equal(Name("data/x.db"), options!.Store.Path);
        Assert.Equal(Name("keys.json"), options.Auth!.Keys);
    }

    private void AssertError(string name, string expected)
    {
        var (options, errors) = Load(name);
        Assert.Null(options);
        var (error, path) = (Assert.Single(errors), Name(name));
        Assert.Equal($"{path}:{expected.Replace("{0}", error.Value, StringComparison.Ordinal)}", error.ToString());
        Assert.StartsWith(error.Value.TrimEnd('.'), path, StringComparison.Ordinal);
    }

    private (FeedsOptions? Options, IReadOnlyList<AkkaFeeds.Definitions.DefinitionError> Errors) Load(string name) =>
        FeedsFile.Load(Name(name), new Dictionary<string, string>(), []);

    private string Name(string name) => name.Length == 0 ? folder.FullName : Path.Combine(folder.FullName, name);

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(Name(name), bytes);
}
