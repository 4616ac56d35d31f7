using System.Globalization;
using Akka.Configuration;
using AkkaFeeds.Clients;
using AkkaFeeds.Store;

namespace AkkaFeeds;

/// <summary>Akka's settings, each with the reason why it differs from the default.</summary>
internal static class EngineConfig
{
    /// <summary>
    /// The dispatcher of the journal and the snapshot store: SQLite's calls block, and must not hold the others up.
    /// </summary>
    public const string StoreDispatcher = "akkafeeds.store-dispatcher";

    /// <summary>All of it but cluster addresses, which Akka.Hosting sets.</summary>
    public static Config Build(StoreDatabase database) =>
        ConfigurationFactory.ParseString(Actors + Threads() + Cluster).WithFallback(Persistence(database));

    private const string Actors = """
        akka {
          loglevel = INFO
          stdout-loglevel = WARNING
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          actor {
            # A feed message that no binding of ours covers must fail by name, and not travel as somebody's default JSON.
            serializers {
              akkafeeds = "AkkaFeeds.Serialization.FeedSerializer, AkkaFeeds.Engine"
              refusing = "AkkaFeeds.Serialization.RefusingSerializer, AkkaFeeds.Engine"
            }
            serialization-bindings {
              "AkkaFeeds.Contracts.IFeedMessage, AkkaFeeds.Contracts" = akkafeeds
              "System.Object" = refusing
            }
            serialization-identifiers {
              "AkkaFeeds.Serialization.FeedSerializer, AkkaFeeds.Engine" = 7120
              "AkkaFeeds.Serialization.RefusingSerializer, AkkaFeeds.Engine" = 7121
            }
          }
          coordinated-shutdown {
            exit-clr = off
            run-by-clr-shutdown-hook = off
            phases {
              # Lanes stop, slots checkpoint, floors and commits follow; product.md bounds a drain by this.
              before-service-unbind.timeout = 10s
              cluster-sharding-shutdown-region.timeout = 10s
            }
          }
        }
        """;

    /// <summary>
    /// Actors have threads of their own, apart from the pool on which Kestrel serves connections: thousands that come
    /// in one instant would stand before every change. Clients have others again: a flush makes thousands of them
    /// ready at once, and relays, with 20 messages a turn, stood behind all of them for each turn. No actor blocks but
    /// the store's. What an actor tells may wait for the end of its turn (WorkerChain), hence the deadline of a turn.
    /// </summary>
    private static string Threads()
    {
        var pool = string.Create(CultureInfo.InvariantCulture, $$"""
              type = Dispatcher
              executor = "{{Dispatch.WorkerExecutorConfigurator.Name}}"
              throughput = 20
              throughput-deadline-time = 1ms
              threads = {{Math.Max(2, Environment.ProcessorCount)}}
            """);
        return $$"""

            akka.actor.default-dispatcher {
            {{pool}}
            }
            {{ClientGateway.Dispatcher}} {
            {{pool}}
            }
            {{StoreDispatcher}} {
              type = Dispatcher
              executor = "{{Dispatch.WorkerExecutorConfigurator.Name}}"
              throughput = 10
              threads = 2
              apart = on
            }
            {{ClientMailbox.Path}} { mailbox-type = "AkkaFeeds.Clients.ClientMailbox, AkkaFeeds.Engine" }
            """;
    }

    private const string Cluster = """

        akka.remote.dot-netty.tcp {
          # A view may be as large as a Kafka record, and a collection many of them: what is larger than a chunk travels
          # in chunks (Nodes/Chunks). A batch of ordinary rows is not cut, and a chunk is little beside what a connection
          # carries in a heartbeat's pause.
          transport-class = "AkkaFeeds.Nodes.Chunks.ChunkedTransport, AkkaFeeds.Engine"
          chunk-size = 4 MiB
          # What is larger is refused with an error that names it. It takes 2.2 s at 1 Gbit/s, and the heartbeats behind
          # it may come 3 s late.
          maximum-message-size = 256 MiB
          # What a node takes in one piece that has not said that it takes chunks.
          maximum-frame-size = 32 MiB
          # A node that is just starting may take a connection and never answer it; by default it is asked again after
          # 15 s, in which neither hears the other and the cluster takes both for unreachable.
          connection-timeout = 3s
          send-buffer-size = 1 MiB
          receive-buffer-size = 1 MiB
        }
        # A seed that is about to start is asked again soon.
        akka.remote.retry-gate-closed-for = 500ms
        akka.cluster {
          # One process is the default: nobody to wait for, and the coordinator is up as soon as the node has joined itself.
          # The first seed makes a cluster of its own when no other seed has answered for so long: not for a machine that is
          # busy for a moment (RivalProbe ends one that was made all the same).
          seed-node-timeout = 5s
          retry-unsuccessful-join-after = 1s
          gossip-interval = 200ms
          leader-actions-interval = 200ms
          periodic-tasks-initial-delay = 100ms
          downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
          split-brain-resolver { active-strategy = keep-majority, stable-after = 5s }
          # How long slots and coordinators wait for a removed node to have noticed it. They need not: the fence refuses
          # its writes, and rows are compared with what was folded. The default is stable-after again.
          down-removal-margin = 200ms
          failure-detector { heartbeat-interval = 1s, acceptable-heartbeat-pause = 3s }
          sharding {
            # Regions and shards stand between each lane and its slots: on Akka's internal dispatcher, which is the
            # runtime's pool, each row was handed to other threads twice.
            use-dispatcher = akka.actor.default-dispatcher
            state-store-mode = ddata
            remember-entities = off
            # A slot lives as long as its feed; one that nobody writes to still answers readers at once.
            passivate-idle-entity-after = off
            retry-interval = 500ms
            # A node that dies while one of its slots is about to move leaves that slot to nobody for so long; the default
            # doubled a fail-over. A slot has five seconds less for its last checkpoint, and loses nothing without it.
            handoff-timeout = 8s
            # A node that joins has its share of the slots within a few rounds; a slot that moves is away for less than
            # a second.
            rebalance-interval = 3s
            least-shard-allocation-strategy { rebalance-absolute-limit = 64, rebalance-relative-limit = 0.4 }
            waiting-for-state-timeout = 500ms
            # Who has which shard is kept by a majority of the nodes, not, as by default, by all of up to five: one that
            # dies or still starts would hold up the others.
            updating-state-timeout = 2s
            coordinator-state { write-majority-plus = 0, read-majority-plus = 0 }
            distributed-data { durable.keys = [], majority-min-cap = 2 }
          }
          distributed-data.durable.keys = []
          singleton { min-number-of-hand-over-retries = 10, hand-over-retry-interval = 200ms }
        }
        """;

    private static Config Persistence(StoreDatabase database)
    {
        var plugin = string.Create(CultureInfo.InvariantCulture, $$"""
            connection-string = "{{Escape(database.ConnectionString)}}"
            provider-name = "{{database.ProviderName}}"
            plugin-dispatcher = {{StoreDispatcher}}
            materializer-dispatcher = {{StoreDispatcher}}
            auto-initialize = on
            read-isolation-level = {{database.IsolationLevel}}
            write-isolation-level = {{database.IsolationLevel}}
            recovery-event-timeout = 60s
            # Refused writes of a fenced slot count as failures of the plugin: a breaker that opened for them would stop the
            # healthy slots too (ground.md, section 1).
            circuit-breaker { max-failures = 1000000, call-timeout = 20s, reset-timeout = 4s }
            """);
        return ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
            akka.persistence {
              max-concurrent-recoveries = 64
              journal {
                plugin = "akka.persistence.journal.sql"
                sql {
                  class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
                  {{plugin}}
                  parallelism = {{database.JournalParallelism}}
                  batch-size = 100
                  buffer-size = 5000
                  # Pieces are hundreds of kilobytes of bytes: as literals in the SQL text they would be doubled and parsed.
                  prefer-parameters-on-multirow-insert = true
                  # It tells writers apart by the process that wrote, and takes a slot that moved away and came back for
                  # the work of a second writer. The fence refuses one; recovery finds a hole itself.
                  replay-filter.mode = off
                }
              }
              snapshot-store {
                plugin = "akka.persistence.snapshot-store.sql"
                sql {
                  class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
                  {{plugin}}
                }
              }
            }
            """));
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
