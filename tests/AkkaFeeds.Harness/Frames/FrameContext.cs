namespace AkkaFeeds.Harness;

/// <summary>What the checks of one client share: who it is, when it is, and where breaches go.</summary>
internal sealed class FrameContext(
    string client, FrameRules rules, ViewRegister register, Action<string, string> report)
{
    public string Client => client;

    public FrameRules Rules { get; set; } = rules;

    public ViewRegister Register => register;

    /// <summary>When the frame in hand was sent or received.</summary>
    public long UnixMs { get; set; }

    /// <summary>Reports a breach.</summary>
    public void Report(string rule, string message) => report(rule, message);

    /// <summary>Reports a breach where there is something to say.</summary>
    public void ReportIf(string rule, string? message)
    {
        if (message is not null)
        {
            report(rule, message);
        }
    }
}
