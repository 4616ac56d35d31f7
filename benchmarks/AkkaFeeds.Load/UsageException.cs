namespace AkkaFeeds.Load;

/// <summary>The command line, or what the program needs around it, is wrong: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
