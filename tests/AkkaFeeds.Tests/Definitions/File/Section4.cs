namespace AkkaFeeds.Tests.Definitions.Files;

/// <summary>The example of the specification's section 4, word by word.</summary>
internal static class Section4
{
    public const string Text = """
        kafka:
          brokers: 127.0.0.1:9092            # or `embedded`
          group: akkafeeds
          properties: { client.rack: eu-1a } # any librdkafka setting; security.protocol, sasl.* and ssl.* go here
          schemaRegistry: { url: http://127.0.0.1:8081 }
        store: sqlite:data/akkafeeds.db      # or postgres:Host=127.0.0.1;Database=akkafeeds;Username=...
        http: { urls: http://127.0.0.1:8080 }
        admin: { urls: http://127.0.0.1:9120 }
        checkpoint: { every: 1s }            # stretched, visibly, when a checkpoint takes longer than half of it
        feeds:
          flights:                                   # [a-z][a-z0-9-]{0,62}
            from: { topic: flights, format: json }   # topics: [a, b]; format: json | avro | protobuf | csv | text
            key: origin                              # an expression over the record; default: the Kafka key as text
            tenant: $headers["tenant"]               # optional; default: the single tenant ''
            time: date                               # event time; default: the Kafka timestamp
            where: distance > 0                      # records that do not match are counted as filtered
            id: flight                               # optional identity within the key: a later record with the same id
                                                     # a null value retracts it (where key and id come from $key)
            late: 10m                                # default: none is late
            ahead: 1h                                # an event time further than this is quarantined (`future`)
            windows: event                           # | wall: whose clock is the right edge of windows
            slots: 16                                # fixed for a generation
            view:                                    # fields [A-Za-z_][A-Za-z0-9_]{0,62}; a leading _ is reserved
              departures: count()
              delayed:    count(delay > 15)
              delayRate:  delayed / departures
              meanDelay:  avg(delay)
              worst:      max(delay)
              p95:        quantile(delay, 0.95)
              last:       last({date, destination, delay})
              routes:     top(destination, 5)
              lastHour:   over(1h, count())
              perMinute:  series(1m, 60, count())
            freshness: { slo: 2s, from: created, owner: ops, contact: ops@example.org, runbook: https://example.org/runbook }
                                                     # from: created (the Kafka timestamp, default) | event
            notify:
              many-delays: { when: delayRate > 0.3 && departures > 50, every: 10m }
        """;
}
