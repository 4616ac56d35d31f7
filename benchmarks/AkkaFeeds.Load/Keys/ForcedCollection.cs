using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace AkkaFeeds.Load;

/// <summary>
/// Makes another .NET process collect its whole heap, through the runtime's own diagnostics port: the product needs
/// no hook.
/// </summary>
internal static class ForcedCollection
{
    /// <summary>
    /// A session with this keyword begins with a full, blocking collection; dotnet-gcdump rests on it too.
    /// </summary>
    private const long HeapCollectKeyword = 0x80_0000;

    /// <summary>Asks for a collection; it has happened when the runtime's count of collections has risen.</summary>
    public static void Ask(int processId)
    {
        var client = new DiagnosticsClient(processId);
        using var session = client.StartEventPipeSession(
            new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, HeapCollectKeyword),
            requestRundown: false);
        session.Stop();
    }
}
