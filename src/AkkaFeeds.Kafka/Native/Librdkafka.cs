using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka.Native;

/// <summary>
/// Finds the native library that Confluent.Kafka itself has loaded. Several builds of it ship side by side, and a
/// handle of
/// one must never be passed to another, so the name is read from the very import that Confluent.Kafka bound.
/// </summary>
internal static class Librdkafka
{
    /// <summary>The name used in this assembly's imports; the resolver maps it to the loaded library.</summary>
    public const string ImportName = "akkafeeds-librdkafka";

    private static readonly Lazy<nint> Handle = new(Find);
    private static readonly Lazy<bool> Resolver = new(Install);

    /// <summary>Loads the library and makes the imports of this assembly resolve to it.</summary>
    /// <exception cref="InvalidOperationException">This version of Confluent.Kafka keeps its imports
    /// elsewhere.</exception>
    public static void EnsureLoaded() => _ = Resolver.Value && Handle.Value != 0;

    /// <summary>The native handle of a client; valid until the client is disposed.</summary>
    public static nint HandleOf(IClient client)
    {
        EnsureLoaded();
        var property = client.Handle.GetType().GetProperty(
            "LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);
        return property?.GetValue(client.Handle) is SafeHandle { IsInvalid: false } handle
            ? handle.DangerousGetHandle()
            : throw Unsupported("a client's handle");
    }

    private static bool Install()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(Librdkafka).Assembly,
            (name, _, _) => name == ImportName ? Handle.Value : 0);
        return true;
    }

    private static nint Find()
    {
        Library.Load();
        var assembly = typeof(Library).Assembly;
        var imports = assembly.GetType("Confluent.Kafka.Impl.Librdkafka")
            ?? throw Unsupported("its imports");
        foreach (var field in imports.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
        {
            var import = (field.GetValue(null) as Delegate)?.Method.GetCustomAttribute<DllImportAttribute>();
            if (import is not null)
            {
                // Confluent's assembly as the origin gives the search path that its own import took, so this is the
                // same
                // file, and the operating system's loader returns the handle that is in use already.
                return NativeLibrary.Load(import.Value, assembly, null);
            }
        }

        throw Unsupported("its imports");
    }

    private static InvalidOperationException Unsupported(string what) => new(
        $"Confluent.Kafka {typeof(Library).Assembly.GetName().Version} (librdkafka {Library.VersionString}) does not show "
        + $"{what} where AkkaFeeds.Kafka expects it; use the version that AkkaFeeds.Kafka was built with");
}
