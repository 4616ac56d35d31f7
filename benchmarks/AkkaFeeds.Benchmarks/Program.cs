using AkkaFeeds.Benchmarks;

// dotnet run -c Release --project benchmarks/AkkaFeeds.Benchmarks: what decoding, expressions, folds and the lane
// protocol cost on one core.
LanguageBenchmark.Run();
ProtocolBenchmark.Run();
