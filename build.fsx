// The project's build, as a plain script: dotnet fsi build.fsx TARGET [ARGUMENTS]
// It needs the .NET SDK and no package, so that it runs on a machine that has restored nothing yet.
open System
open System.Diagnostics
open System.IO
open System.Xml.Linq

let root = __SOURCE_DIRECTORY__
let results = Path.Combine(root, "artifacts", "results")

/// Checks counted so far; .ci/run adds up the line that is made of them.
let mutable passed = 0
let mutable failed = 0
let mutable skipped = 0

let isSet name = not (String.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable name))

let dotnet (arguments: string list) =
    let start = ProcessStartInfo("dotnet", UseShellExecute = false, WorkingDirectory = root)
    // Build servers would outlive the build, and keep files of a deleted clone open.
    start.Environment["MSBUILDDISABLENODEREUSE"] <- "1"
    start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] <- "1"
    start.Environment["DOTNET_NOLOGO"] <- "1"
    arguments |> List.iter start.ArgumentList.Add
    printfn "> dotnet %s" (String.Join(' ', arguments))
    Console.Out.Flush()
    use child = Process.Start start
    child.WaitForExit()
    child.ExitCode

/// Ends the script with the exit code of the first command that failed.
let must code =
    if code <> 0 then
        eprintfn "build.fsx: the command above failed: exit code %d" code
        exit code

let release = [ "-c"; "Release" ]

/// AKKAFEEDS_BUILT=1 says that the whole solution was just built: then nothing is built again.
let built = if isSet "AKKAFEEDS_BUILT" then [ "--no-build" ] else []

let build () =
    must (dotnet ([ "build"; "AkkaFeeds.sln" ] @ release @ [ "--nologo"; "-v"; "minimal" ]))

/// Adds the counts of one result file of the test runner.
let count (trx: string) =
    let counters = XDocument.Load(trx).Descendants() |> Seq.find (fun element -> element.Name.LocalName = "Counters")
    let number name = int (counters.Attribute(XName.Get name).Value)
    passed <- passed + number "passed"
    // Whatever ran and did not pass has failed: error, timeout and aborted are columns of their own.
    failed <- failed + number "executed" - number "passed"
    skipped <- skipped + number "total" - number "executed"

/// Runs one test project and returns the exit code of the runner.
let runTests name (arguments: string list) =
    let trx = Path.Combine(results, name + ".trx")
    Directory.CreateDirectory results |> ignore
    File.Delete trx
    let code =
        dotnet (
            [ "test"; "tests/" + name ]
            @ release
            @ built
            @ [ "--nologo"; "-v"; "minimal"; "--results-directory"; results; "--logger"; "trx;LogFileName=" + name + ".trx" ]
            @ arguments
        )
    if File.Exists trx then
        count trx
    else
        eprintfn "build.fsx: %s left no results" name
        failed <- failed + 1
    code

/// Runs the simulation and counts the round as one check.
let simulateRound (arguments: string list) =
    let program = [ "run"; "--project"; "tests/AkkaFeeds.Simulation" ] @ release @ built
    let code = dotnet (program @ [ "--" ] @ arguments)
    if code = 0 then passed <- passed + 1 else failed <- failed + 1
    code

/// Checks what the package promises: its types by tsc, its exports by publint and attw. They come by npm, from the lock file.
let browserPackage () =
    let folder = Path.Combine(root, "src", "akkafeeds-js")
    if Directory.Exists(Path.Combine(folder, "node_modules", "typescript")) then
        let start = ProcessStartInfo("npm", [ "run"; "--silent"; "check" ], WorkingDirectory = folder, RedirectStandardOutput = true)
        use runner = Process.Start start
        let output = runner.StandardOutput.ReadToEnd()
        runner.WaitForExit()
        if runner.ExitCode = 0 then passed <- passed + 1 else failed <- failed + 1
        if runner.ExitCode <> 0 then printfn "%s" output
        printfn "browser package: types and exports %s" (if runner.ExitCode = 0 then "are right" else "are wrong")
        runner.ExitCode
    else
        skipped <- skipped + 1
        printfn "SKIPPED, NOT PROVEN HERE: the package's types and exports, and its hooks, want npm ci --prefix src/akkafeeds-js."
        0

/// Runs the browser client's tests by node's own runner and counts them. Node is the one thing that most of them need; those of
/// the hooks and of the element want React and jsdom from npm, and are skipped without.
let browserClient () =
    let folder = Path.Combine(root, "src", "akkafeeds-js", "test")
    let files = Directory.GetFiles(folder, "*.test.js") |> Array.sort |> List.ofArray
    let start = ProcessStartInfo("node", [ "--test"; "--test-reporter=tap" ] @ files, RedirectStandardOutput = true)
    try
        use runner = Process.Start start
        let output = runner.StandardOutput.ReadToEnd()
        runner.WaitForExit()
        let number name =
            output.Split '\n'
            |> Array.tryPick (fun line -> if line.StartsWith("# " + name + " ") then Some(int (line.Substring(name.Length + 3))) else None)
            |> Option.defaultValue 0
        passed <- passed + number "pass"
        failed <- failed + number "fail"
        skipped <- skipped + number "skipped"
        if runner.ExitCode <> 0 then printfn "%s" output
        printfn "browser client: %d passed, %d failed, %d skipped" (number "pass") (number "fail") (number "skipped")
        max runner.ExitCode (browserPackage ())
    with :? System.ComponentModel.Win32Exception ->
        skipped <- skipped + files.Length
        printfn "SKIPPED, NOT PROVEN HERE: the browser client's tests want node 20 on the PATH."
        0

/// Runs a program of the project, shows what it says, and counts what its last line says: passed, failed and, where the pattern
/// has a third number, skipped. A line that says SKIPPED counts where it has none.
let runCounting (file: string) (arguments: string list) (pattern: string) =
    let start = ProcessStartInfo(file, arguments, WorkingDirectory = root, RedirectStandardOutput = true)
    use runner = Process.Start start
    let counts = Text.RegularExpressions.Regex pattern
    let tellsSkipped = counts.GetGroupNumbers().Length > 3
    let mutable last = ""
    let mutable line = runner.StandardOutput.ReadLine()
    while not (isNull line) do
        printfn "%s" line
        if not tellsSkipped && line.Contains "SKIPPED" then skipped <- skipped + 1
        last <- line
        line <- runner.StandardOutput.ReadLine()
    runner.WaitForExit()
    let counted = counts.Match last
    if counted.Success then
        passed <- passed + int counted.Groups[1].Value
        failed <- failed + int counted.Groups[2].Value
        if tellsSkipped then skipped <- skipped + int counted.Groups[3].Value
    else
        failed <- failed + 1
    runner.ExitCode

/// Runs the board in a real Chromium (tests/browser) and counts what its last line says. It wants node, Debian's chromium and
/// playwright-core, and the built server; what is missing is said, and fails nothing.
let inChromium (arguments: string list) =
    let folder = Path.Combine(root, "tests", "browser")
    let variable = Environment.GetEnvironmentVariable "AKKAFEEDS_TEST_CHROMIUM"
    let chromium = if isSet "AKKAFEEDS_TEST_CHROMIUM" then variable else "/usr/bin/chromium"
    let server = Path.Combine(root, "src", "AkkaFeeds.Server", "bin", "Release", "net10.0", "akkafeeds")
    let missing =
        [ chromium, "install chromium, or set AKKAFEEDS_TEST_CHROMIUM"
          Path.Combine(folder, "node_modules", "playwright-core", "package.json"), "npm ci --prefix tests/browser"
          server, "dotnet fsi build.fsx build" ]
        |> List.filter (fst >> File.Exists >> not)
    if not missing.IsEmpty then
        skipped <- skipped + 1
        for file, way in missing do
            printfn "SKIPPED, NOT PROVEN HERE: the board in Chromium wants %s: %s" file way
        0
    else
        runCounting "node" (Path.Combine(folder, "main.js") :: server :: arguments) "^([0-9]+) passed, ([0-9]+) failed$"

/// The one line that says how the checks ended; .ci/run reads it.
let summary codes =
    let tail = if skipped > 0 then sprintf ", %d skipped" skipped else ""
    printfn "checks: %d passed, %d failed%s" passed failed tail
    codes |> List.tryFind (fun code -> code <> 0) |> Option.iter exit
    if failed > 0 || passed = 0 then exit 1

/// Says loudly what a machine without a broker, or without the data, leaves unproven.
let sayWhatIsMissing () =
    let folder = Path.Combine(root, "tests", "AkkaFeeds.IntegrationTests")
    let wanting =
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        |> Seq.filter (fun file -> not (file.Contains "/obj/" || file.Contains "/bin/"))
        |> Seq.collect File.ReadLines
        |> Seq.filter (fun line -> line.TrimStart().StartsWith "[Skippable")
        |> Seq.length
    if not (isSet "KAFKA_HOME" || isSet "AKKAFEEDS_TEST_KAFKA") then
        skipped <- skipped + wanting
        printfn "SKIPPED, NOT PROVEN HERE: %d integration tests that want a real Kafka broker." wanting
        printfn "  Set KAFKA_HOME (a folder with start.sh and kafka.sh) or AKKAFEEDS_TEST_KAFKA=host:port, and run: dotnet fsi build.fsx integration"
    else
        printfn "A real broker is at hand: dotnet fsi build.fsx integration runs the %d tests that want one." wanting

let test () =
    let tests = runTests "AkkaFeeds.Tests" []
    let round = simulateRound [ "--seeds"; "2000" ]
    let fanout = simulateRound [ "fanout"; "--seeds"; "100" ]
    let browser = browserClient ()
    sayWhatIsMissing ()
    summary [ tests; round; fanout; browser ]

let integration arguments =
    let code = runTests "AkkaFeeds.IntegrationTests" arguments
    if skipped > 0 then
        printfn "SKIPPED, NOT PROVEN HERE: %d integration tests; KAFKA_HOME and AKKAFEEDS_TEST_DATA say where broker and data are." skipped
    summary [ code ]

let browser arguments = summary [ inChromium arguments ]

let simulate () =
    let seeds = simulateRound [ "--seeds"; "10000" ]
    let defects = simulateRound [ "--defects"; "--seeds"; "2000" ]
    let fanout = simulateRound [ "fanout"; "--seeds"; "1000" ]
    let fanoutDefects = simulateRound [ "fanout"; "--defects"; "--seeds"; "400" ]
    summary [ seeds; defects; fanout; fanoutDefects ]

/// Runs a command quietly; its exit code, and all that it said. One that does not end in time is ended.
let quietly (arguments: string list) =
    let start = ProcessStartInfo("dotnet", arguments, WorkingDirectory = root, RedirectStandardOutput = true)
    start.RedirectStandardError <- true
    start.Environment["MSBUILDDISABLENODEREUSE"] <- "1"
    use child = Process.Start start
    let errors = child.StandardError.ReadToEndAsync()
    let output = child.StandardOutput.ReadToEndAsync()
    if not (child.WaitForExit 180_000) then child.Kill true
    child.WaitForExit()
    child.ExitCode, output.Result + errors.Result

/// A row of tests/defects.txt, and the file under src where its constant stands.
type Defect = { Name: string; FoundBy: string; Wrong: string; File: string }

let listedDefects () =
    let sources = Directory.GetFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
    let place (name: string) =
        let constant = Text.RegularExpressions.Regex(@"\bDEFECT_" + name + @"\b")
        let file = sources |> Array.find (fun file -> constant.IsMatch(File.ReadAllText file))
        Path.GetRelativePath(root, file)
    [ for line in File.ReadLines(Path.Combine(root, "tests", "defects.txt")) do
          if line.Contains '|' && not (line.StartsWith '#') then
              let part = line.Split '|' |> Array.map (fun text -> text.Trim())
              { Name = part[0]; FoundBy = part[1]; Wrong = part[2]; File = place part[0] } ]

let defectFolder = Path.Combine(root, "artifacts", "defects")

/// Builds a project beside the normal output: bin and obj know nothing of any defect.
let buildBeside (project: string) (arguments: string list) =
    let beside = [ "--nologo"; "-v"; "quiet"; "--artifacts-path"; defectFolder; "-p:RunAnalyzers=false" ]
    let code, output = quietly ([ "build"; project ] @ release @ beside @ arguments)
    if code <> 0 then
        printfn "%s" output
        must code

/// Runs a simulation until its first violation: its seed and what is wrong, or None; its exit code; all that it said.
let firstViolation (foundBy: string) (folder: string) =
    let options = if foundBy = "lane" then [ "--seeds"; "2000" ] else [ "fanout"; "--seeds"; "400" ]
    let code, output = quietly (Path.Combine(folder, "AkkaFeeds.Simulation.dll") :: options)
    let found = Text.RegularExpressions.Regex.Match(output, "(?m)^seed ([0-9]+): (.*)$")
    (if found.Success then Some(int found.Groups[1].Value, found.Groups[2].Value.Trim()) else None), code, output

let copyAll (from: string) (folder: string) =
    Directory.CreateDirectory folder |> ignore
    for file in Directory.GetFiles from do
        File.Copy(file, Path.Combine(folder, Path.GetFileName file), true)

/// Builds the product with one defect and gives what the simulation finds. Only the project with the defect is compiled
/// again: no other has the constant.
let findDefect clean run defect =
    copyAll clean run
    let project = (defect.File.Split('/', '\\'))[1]
    let alone = [ "--no-restore"; "-p:BuildProjectReferences=false"; "-p:GenerateDocumentationFile=false" ]
    buildBeside (Path.Combine("src", project)) (alone @ [ "-p:Defect=" + defect.Name ])
    for file in Directory.GetFiles(Path.Combine(defectFolder, "bin", project, "release"), project + "*.dll") do
        File.Copy(file, Path.Combine(run, Path.GetFileName file), true)
    firstViolation defect.FoundBy run

/// Writes what found each defect into docs/reliability.md, between two marks.
let reportDefects (rows: string list) =
    let page = Path.Combine(root, "docs", "reliability.md")
    let text = File.ReadAllText page
    let mark = "<!-- defects: begin (written by `dotnet fsi build.fsx defects --report`) -->\n"
    let start = text.IndexOf(mark, StringComparison.Ordinal) + mark.Length
    let rest = text.IndexOf("<!-- defects: end -->", StringComparison.Ordinal)
    let head = [ "| defect | what is wrong | where | found by |"; "|---|---|---|---|" ]
    File.WriteAllText(page, text[.. start - 1] + String.Join("\n", head @ rows) + "\n" + text[rest ..])

/// Puts in each defect of tests/defects.txt and shows that the proof finds it. Names run only those; --report writes the page.
let defects (arguments: string list) =
    let names = arguments |> List.filter (fun argument -> not (argument.StartsWith "--"))
    let wanted = listedDefects () |> List.filter (fun defect -> names.IsEmpty || List.contains defect.Name names)
    let byChaos, bySimulation = wanted |> List.partition (fun defect -> defect.FoundBy.StartsWith "chaos")
    let clean, run = Path.Combine(defectFolder, "clean"), Path.Combine(defectFolder, "run")
    buildBeside "tests/AkkaFeeds.Simulation" []
    copyAll (Path.Combine(defectFolder, "bin", "AkkaFeeds.Simulation", "release")) clean
    let before, failedBefore = passed, failed
    let judge ok name what =
        if ok then passed <- passed + 1 else failed <- failed + 1
        printfn "%-26s %s" name what
        Console.Out.Flush()
    for foundBy in bySimulation |> List.map (fun defect -> defect.FoundBy) |> List.distinct do
        let found, code, output = firstViolation foundBy clean
        judge (code = 0) "(none)" (if code = 0 then foundBy + ": no violation in the same seeds" else string found + output)
    let rows =
        [ for defect in bySimulation do
              let found, _, output = findDefect clean run defect
              let by =
                  match found with
                  | Some(seed, what) -> sprintf "%s simulation, seed %d" defect.FoundBy seed, what
                  | None -> "NOT FOUND by the " + defect.FoundBy + " simulation", output.Trim().Split('\n') |> Array.last
              judge found.IsSome defect.Name (fst by + ": " + (snd by)[.. 119])
              sprintf "| `%s` | %s | `%s` | %s |" defect.Name defect.Wrong (Path.GetFileName defect.File) (fst by)
          for defect in byChaos do
              printfn "%-26s %s: not run here (docs/reliability.md)" defect.Name defect.FoundBy
              sprintf "| `%s` | %s | `%s` | `%s` |" defect.Name defect.Wrong (Path.GetFileName defect.File) defect.FoundBy ]
    if List.contains "--report" arguments && names.IsEmpty then reportDefects rows
    printfn "defects: %d passed, %d failed" (passed - before) (failed - failedBefore)
    summary [ 0 ]

/// The whole-system programs run by themselves: what they print is a table, and their exit code is the verdict.
let load arguments =
    if built.IsEmpty then build ()
    must (dotnet ([ "run"; "-c"; "Release"; "--no-build"; "--project"; "benchmarks/AkkaFeeds.Load"; "--" ] @ arguments))

/// Three nodes, a broker and a database that are broken on purpose; what an independent program then finds is the verdict.
/// What this machine lacks (a broker, PostgreSQL) is said, and fails nothing.
let chaos arguments =
    if not (isSet "KAFKA_HOME") then
        skipped <- skipped + 1
        printfn "SKIPPED, NOT PROVEN HERE: chaos wants a broker that it may kill: set KAFKA_HOME (a folder with start.sh)."
        summary [ 0 ]
    else
        if built.IsEmpty then build ()
        let program = Path.Combine(root, "tests", "AkkaFeeds.Chaos", "bin", "Release", "net10.0", "AkkaFeeds.Chaos.dll")
        let counts = "^chaos: ([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$"
        summary [ runCounting "dotnet" (program :: arguments) counts ]

/// Makes the demo's flights again out of the large file, in their place.
let sample arguments =
    load ([ "sample"; "--file"; Path.Combine(root, "src", "AkkaFeeds.Server", "Demo", "flights.txt.br") ] @ arguments)

let check () =
    build ()
    summary [ runTests "AkkaFeeds.Tests" [ "--filter"; "FullyQualifiedName~Tidy|FullyQualifiedName~PagesTests" ] ]

let pack () =
    let packages = Path.Combine(root, "artifacts", "packages")
    for project in [ "AkkaFeeds.Contracts"; "AkkaFeeds.Kafka"; "AkkaFeeds" ] do
        must (dotnet ([ "pack"; "src/" + project ] @ release @ [ "--nologo"; "-o"; packages ]))
    let server = Path.Combine(root, "artifacts", "akkafeeds")
    // For this kind of machine, and compiled ahead: it starts two seconds sooner (docs/performance.md).
    let ahead = [ "--use-current-runtime"; "--no-self-contained"; "-p:PublishReadyToRun=true" ]
    must (dotnet ([ "publish"; "src/AkkaFeeds.Server" ] @ release @ ahead @ [ "--nologo"; "-o"; server ]))

let all () =
    build ()
    test ()
    integration []
    browser []
    simulate ()

let targets =
    [ "check", "builds, and runs the style checks (TidyTests) alone", (fun _ -> check ())
      "build", "restores and builds everything in Release; warnings are errors", (fun _ -> build ())
      "test", "the fast suite and a short simulation; needs nothing but the SDK", (fun _ -> test ())
      "integration", "real broker, store and sockets; arguments go to dotnet test", integration
      "node", "the browser client: its tests, types and package (all of it after npm ci --prefix src/akkafeeds-js)", (fun _ -> summary [ browserClient () ])
      "browser", "the board in a real Chromium, against the built server; readme, demo, list, health, ladder or broker runs one part", browser
      "simulate", "10,000 seeds of the lane protocol, and the seeded defects that they must catch", (fun _ -> simulate ())
      "defects", "defects put into the product, one at a time, which a simulation must find: [NAME..] [--report]", defects
      "chaos", "seeded faults over three nodes, broker and database, judged by an independent oracle: --faults N --seed N", chaos
      "flights", "3,000,000 real flights against their expected views, with kills and lost stores", (fun options -> load ("flights" :: options))
      "bench", "measurements: ingest (the default) or keys, with their options", (fun options -> load (if options.IsEmpty then [ "ingest" ] else options))
      "load", "what a delivered update costs beside peers, with options; --smoke: a short round that asserts only correctness", (fun options -> load ("load" :: options))
      "sample", "makes the flights of `akkafeeds demo` again out of the large file (AKKAFEEDS_TEST_DATA)", sample
      "pack", "packages and the published server, under artifacts/", (fun _ -> pack ())
      "all", "build, test, integration, simulate", (fun _ -> all ()) ]

let usage (out: TextWriter) =
    out.WriteLine "usage: dotnet fsi build.fsx TARGET [ARGUMENTS]"
    for name, what, _ in targets do
        out.WriteLine(sprintf "  %-12s %s" name what)

match List.ofArray fsi.CommandLineArgs |> List.tail with
| [] -> usage Console.Out
| name :: arguments ->
    match targets |> List.tryFind (fun (target, _, _) -> target = name) with
    | Some(_, _, run) -> run arguments
    | None ->
        eprintfn "build.fsx: %s: no such target" name
        usage Console.Error
        exit 2
