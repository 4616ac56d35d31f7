namespace AkkaFeeds.Harness;

/// <summary>The feed of the proofs, as it stands in a file.</summary>
public static class FlightsFeed
{
    /// <summary>Its name.</summary>
    public const string Name = "flights";

    /// <summary>Everything that expected-by-origin.jsonl tells of an origin.</summary>
    public static string Yaml(string topic) => $$"""
          {{Name}}:
            from: { topic: {{topic}}, format: json }
            key: origin
            time: date
            slots: 16
            view:
              departures: count()
              delayed: count(delay > 15)
              meanDelay: avg(delay)
              worst: max(delay)
              best: min(delay)
              totalDistance: sum(distance)
              destinations: distinct(destination)
              lastDate: last(date)
              top5: top(destination, 5)
        """;
}
