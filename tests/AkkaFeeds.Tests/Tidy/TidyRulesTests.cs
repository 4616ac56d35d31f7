using Xunit;

namespace AkkaFeeds.Tests.Tidy;

/// <summary>A rule that finds nothing proves nothing: each one is shown a place that it must find.</summary>
public sealed class TidyRulesTests
{
    [Theory]
    [InlineData("clock", "src/A.cs", "class A { long At() => DateTime.UtcNow.Ticks; }")]
    [InlineData("clock", "src/A.cs", "class A { string At() => $\"now {DateTimeOffset.Now}\"; }")]
    [InlineData("sleep", "tests/A.cs", "class A { void F() { Thread.Sleep(1); } }")]
    [InlineData("sleep", "src/A.cs", "class A { Task F() => Task.Delay(1); }")]
    [InlineData("blocking", "src/A.cs", "class A { int F(Task<int> t) => t.Result; }")]
    [InlineData("blocking", "src/A.cs", "class A { void F(Task t) { t.Wait(); } }")]
    [InlineData("timer", "src/A.cs", "class A { object t = new Timer(_ => { }); }")]
    [InlineData("console", "src/AkkaFeeds/A.cs", "class A { void F() { Console.WriteLine(1); } }")]
    [InlineData("async-handler", "src/A.cs", "class A { void F() { ReceiveAsync<int>(G); } }")]
    [InlineData("unordered", "src/A.cs", "class A { void F() { s.SelectAsyncUnordered(1, G); } }")]
    [InlineData("async-void", "benchmarks/A.cs", "class A { async void F() { } }")]
    [InlineData("region", "tests/A.cs", "class A {\n  #region B\n  #endregion\n}")]
    public void A_banned_call_is_found(string rule, string path, string code) =>
        Assert.Contains(BannedCalls.Check(new(path, code)), violation => violation.Rule == rule);

    [Theory]
    [InlineData("// never Thread.Sleep")]
    [InlineData("/* Task.Delay\n DateTime.UtcNow */")]
    [InlineData("class A { string f = \"Thread.Sleep \\\" Task.Delay\"; char c = '\"'; }")]
    [InlineData("class A { string f = @\"Thread.Sleep \"\" Task.Delay\"; }")]
    [InlineData("class A { string f = \"\"\"Thread.Sleep \" Task.Delay\"\"\"; }")]
    [InlineData("class A { string f = $\"{{Thread.Sleep}} {1} Task.Delay\"; }")]
    public void Prose_is_not_taken_for_a_call(string code) => Assert.Empty(BannedCalls.Check(new("src/A.cs", code)));

    [Fact]
    public void Unfinished_work_is_found_in_comments() =>
        Assert.Single(
            BannedCalls.Check(new("src/A.cs", "// TO" + "DO: later")), violation => violation.Rule == "unfinished");

    [Fact]
    public void A_path_of_a_machine_is_found() =>
        Assert.Equal(2, Assert.Single(BannedCalls.MachinePaths("a.md", "fine\nsee /" + "home/someone")).Line);

    [Fact]
    public void Code_keeps_its_place_when_prose_is_blanked()
    {
        const string text = "var a = $\"{b(\"x\")} c\"; // d\nvar e = 'f';";
        var code = CodeMask.Apply(text);
        Assert.Equal(text.Length, code.Length);
        Assert.Equal(text.IndexOf("b(", StringComparison.Ordinal), code.IndexOf("b(", StringComparison.Ordinal));
        Assert.DoesNotContain("d", code, StringComparison.Ordinal);
        Assert.DoesNotContain("f", code, StringComparison.Ordinal);
        Assert.Equal('\n', code[text.IndexOf('\n', StringComparison.Ordinal)]);
    }

    [Theory]
    [InlineData("void F() { BODY }")]
    [InlineData("int F() => x switch { BODY _ => 1 };")]
    [InlineData("[Fact] public void F() { if (a) { BODY } }")]
    public void A_long_function_is_found_and_a_short_one_is_not(string member)
    {
        var file = (int lines) => new SourceFile(
            "src/A.cs",
            "class A : B\n{\n" + member.Replace("BODY", new string('\n', lines), StringComparison.Ordinal) + "\n}\n");
        Assert.Contains(SizeRules.Check(file(70)), violation => violation is { Rule: "function-lines", Line: 3 });
        Assert.Empty(SizeRules.Check(file(60)));
    }

    [Fact]
    public void Long_files_and_long_lines_are_found()
    {
        var file = new SourceFile("src/A.cs", new string('\n', 399) + new string('a', SizeRules.CharactersPerLine));
        Assert.Equal(["file-lines", "line-length"], SizeRules.Check(file).Select(violation => violation.Rule));
    }

    [Fact]
    public void A_long_line_is_excused_when_it_is_text_alone()
    {
        const string quotes = "\"\"\"";
        var data = new string('a', SizeRules.CharactersPerLine);
        Assert.Empty(SizeRules.Check(new("src/A.cs", $"var a = {quotes}\n  {data}\n  {quotes};")));
        Assert.Empty(SizeRules.Check(new("src/A.cs", $"var a = F(\n  \"{data}\");")));
        Assert.Single(SizeRules.Check(new("src/A.cs", $"var a = F(\"{data}\");")));
    }

    [Theory]
    [InlineData("file-name", "public class B { }")]
    [InlineData("one-public-type", "public class A { }\npublic class B\n{\nLINES}\n")]
    [InlineData("actor-hidden", "public sealed class A : UntypedActor { static Props Props() => null; }")]
    [InlineData("actor-hidden",
        "internal class A(int b) : UntypedPersistentActor, IWithTimers { static Props Props() => null; }")]
    [InlineData("actor-props", "internal sealed class A : UntypedActor { }")]
    [InlineData("actor-constructor",
        "internal sealed class A : UntypedActor\n{\n    private A(int b)\n    {\n    }\n}")]
    [InlineData("actor-base", "internal sealed class A : ReceiveActor { static Props Props() => null; }")]
    public void A_type_out_of_form_is_found(string rule, string code) =>
        Assert.Contains(
            TypeRules.Check(new("src/A.cs", code.Replace("LINES", new string('\n', 30), StringComparison.Ordinal))),
            violation => violation.Rule == rule);

    [Theory]
    [InlineData("public sealed record A(int B)\n    : C;\n\npublic enum Small { One }")]
    [InlineData("internal sealed class B : UntypedActor { public static Props Props(Options o) => null; }")]
    [InlineData("public class A { public class Nested { LINES } }")]
    public void A_type_in_good_form_passes(string code) =>
        Assert.Empty(
            TypeRules.Check(new("src/A.cs", code.Replace("LINES", new string('\n', 30), StringComparison.Ordinal))));

    [Theory]
    [InlineData("AkkaFeeds.Contracts", "<PackageReference Include='Akka' />", "package-arrow")]
    [InlineData("AkkaFeeds", "<FrameworkReference Include='Microsoft.AspNetCore.App' />", "package-arrow")]
    [InlineData("AkkaFeeds.Kafka", "<ProjectReference Include='../AkkaFeeds.Contracts/AkkaFeeds.Contracts.csproj' />",
        "project-arrow")]
    [InlineData("AkkaFeeds.Stranger", "", "project-arrow")]
    public void A_reference_against_the_arrows_is_found(string project, string item, string rule) =>
        Assert.Equal(
            rule,
            Assert.Single(ArrowRules.CheckProject(
                $"src/{project}/{project}.csproj", $"<Project><ItemGroup>{item}</ItemGroup></Project>")).Rule);

    [Theory]
    [InlineData("using AkkaFeeds.Slots;\nnamespace AkkaFeeds.Ingest;", 1)]
    [InlineData("namespace AkkaFeeds.Ingest;\nclass Lane { Slots.SlotProtocol p; }", 1)]
    [InlineData("namespace AkkaFeeds.Ingest;\nclass Lane { AkkaFeeds.Slots.Keys.KeyState s; }", 1)]
    [InlineData(
        "using AkkaFeeds.Definitions.Expressions;\nnamespace AkkaFeeds.Ingest;\nclass A { int s = Slots.Count; }", 0)]
    public void A_stage_that_names_anothers_types_is_found(string code, int places)
    {
        SourceFile[] files =
        [
            new("src/AkkaFeeds/Ingest/Lane.cs", code),
            new("src/AkkaFeeds/Slots/SlotProtocol.cs",
                "namespace AkkaFeeds.Slots;\ninternal sealed class SlotProtocol { }"),
        ];
        Assert.Equal(places, ArrowRules.CheckStages(files).Count());
    }

    [Fact]
    public void An_allowance_takes_one_rule_out_of_one_file_and_goes_when_nothing_needs_it()
    {
        var allowances = new Allowances("# why\nsleep src/A.cs the poll thread\nclock src/B.cs nobody\nbroken");
        Violation[] found = [new("sleep", "src/A.cs", 1, ""), new("sleep", "src/C.cs", 2, "")];
        Assert.Equal("src/C.cs", Assert.Single(allowances.Without(found)).Path);
        Assert.Equal(3, Assert.Single(allowances.Unneeded()).Line);
        Assert.Equal(4, Assert.Single(allowances.Malformed).Line);
    }

    [Theory]
    [InlineData(
        "<ProjectReference Include=\"../B/B.csproj\" />", "<ProjectReference Include=\"../../src/C/C.csproj\" />")]
    [InlineData("<Compile Include=\"../../src/C/One.cs\" />", "")]
    [InlineData("<ProjectReference Include=\"../B/B.csproj\" />", "<Compile Include=\"../../src/C/One.cs\" />")]
    public void A_way_from_a_proof_to_the_sources_is_found_over_several_projects(string own, string other) =>
        Assert.NotEmpty(ArrowRules.CheckIndependence(
            "tests/A/A.csproj",
            path => $"<Project><ItemGroup>{(path.Contains("/A/") ? own : other)}</ItemGroup></Project>"));
}
