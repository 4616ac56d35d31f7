using Microsoft.AspNetCore.SignalR;

namespace AkkaFeeds.Peers;

/// <summary>A group a key, as SignalR's documentation advises.</summary>
internal sealed class KeysHub(UpdateStart start) : Hub
{
    public Task Subscribe(string key) => Groups.AddToGroupAsync(Context.ConnectionId, key);

    /// <summary>All have subscribed: updates begin.</summary>
    public void Begin() => start.Begin();
}
