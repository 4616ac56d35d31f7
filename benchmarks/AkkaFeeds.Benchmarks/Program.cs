using AkkaFeeds.Benchmarks;

// dotnet run -c Release --project benchmarks/AkkaFeeds.Benchmarks: what decoding, expressions and folds cost on one
// core.
LanguageBenchmark.Run();
