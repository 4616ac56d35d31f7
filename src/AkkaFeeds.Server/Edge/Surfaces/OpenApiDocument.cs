using System.Globalization;
using System.Text.Json.Nodes;

namespace AkkaFeeds.Server.Edge.Surfaces;

/// <summary>
/// The description of HTTP's surface (OpenAPI 3.1), made from the routes, codes and frames that there are.
/// </summary>
internal static class OpenApiDocument
{
    public static JsonObject Make(FeedChecks feeds, SurfaceSchemas schemas, string version)
    {
        var paths = new JsonObject();
        foreach (var route in EdgeRoute.All)
        {
            paths[route.Path] = new JsonObject { ["get"] = Get(route, feeds) };
        }

        paths[GraphQl.GraphQlEndpoint.Path] = new JsonObject { ["post"] = Query(), ["get"] = Upgrade() };
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "AkkaFeeds",
                ["version"] = version,
                ["description"] = "Read models of Kafka topics, live. What streams is in /v1/asyncapi.json.",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas.Bodies() },
        };
    }

    private static JsonObject Get(EdgeRoute route, FeedChecks feeds)
    {
        var parameters = new JsonArray();
        foreach (var name in route.Path.Split('/').Where(part => part.StartsWith('{'))
            .Select(part => part.Trim('{', '}')))
        {
            parameters.Add(new JsonObject
            {
                ["name"] = name,
                ["in"] = "path",
                ["required"] = true,
                ["schema"] = name == "feed" ? FeedName(feeds) : new JsonObject { ["type"] = "string" },
            });
        }

        foreach (var parameter in route.Query.Select(name => QueryParameter.All[name]))
        {
            parameters.Add(new JsonObject
            {
                ["name"] = parameter.Name,
                ["in"] = "query",
                ["required"] = parameter.IsRequired,
                ["description"] = parameter.Text,
                ["schema"] = parameter.Schema(),
            });
        }

        if (route.Asks is not null)
        {
            parameters.Add(AnswerHeader.Parameter(route.Asks));
        }

        return new JsonObject
        {
            ["operationId"] = route.Name,
            ["summary"] = route.Summary,
            ["parameters"] = parameters,
            ["responses"] = Answers(
                Answer(route), route.Asks == AnswerHeader.IfNoneMatch ? HeadersOf(route) : null, route.Problems),
        };
    }

    // What is of one message of GraphQL is in the description of the streams.
    private static JsonObject Upgrade()
    {
        var answers = Problems([ProblemCodes.Forbidden, ProblemCodes.NotReady]);
        answers["101"] = new JsonObject { ["description"] = "A WebSocket: see /v1/asyncapi.json." };
        answers["405"] = Problem(
            "Not asked for an upgrade: queries are posted.", [AnswerHeader.Allow, AnswerHeader.Cache]);
        return new JsonObject
        {
            ["operationId"] = "subscribe",
            ["summary"] = $"GraphQL over a WebSocket, with the subprotocol {GraphQl.GraphQlEndpoint.Protocol}.",
            ["responses"] = answers,
        };
    }

    private static JsonObject Query()
    {
        var answers = Answers(
            new JsonObject
            {
                ["description"] = "Data, errors, or both.",
                ["headers"] = AnswerHeader.Of([AnswerHeader.Cache]),
                ["content"] = Content("application/json", new JsonObject { ["type"] = "object" }),
            },
            null, [ProblemCodes.BadFrame, ProblemCodes.Forbidden, ProblemCodes.TooLarge, ProblemCodes.NotReady]);
        answers["400"]!["description"] = "No query, or one that was not executed: its errors.";
        answers["400"]!["content"]!["application/json"] =
            new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } };
        answers["415"] = Problem("The body is not called application/json.", [AnswerHeader.Cache]);
        return new JsonObject
        {
            ["operationId"] = "query",
            ["summary"] = "A GraphQL query; the schema answers introspection.",
            ["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = Content("application/json", GraphQlMessageSchemas.Query()),
            },
            ["responses"] = answers,
        };
    }

    private static JsonObject HeadersOf(EdgeRoute route) =>
        AnswerHeader.Of([AnswerHeader.Cache, .. route.Headers]);

    private static JsonObject Answer(EdgeRoute route) => new()
    {
        ["description"] = route.Summary,
        ["headers"] = HeadersOf(route),
        ["content"] = Content(route.ContentType, route.Schema is null
            ? new JsonObject { ["type"] = route.ContentType == "text/event-stream" ? "string" : "object" }
            : new JsonObject { ["$ref"] = $"#/components/schemas/{route.Schema}" }),
    };

    private static JsonObject Answers(JsonObject good, JsonObject? unchanged, IReadOnlyList<string> problems)
    {
        var answers = Problems(problems);
        answers["200"] = good;
        if (unchanged is not null)
        {
            answers["304"] = new JsonObject
            {
                ["description"] = "It still is as the client holds it.",
                ["headers"] = unchanged,
            };
        }

        return answers;
    }

    private static JsonObject Problems(IReadOnlyList<string> problems)
    {
        var answers = new JsonObject();
        foreach (var status in problems.Append(ProblemCodes.Internal).GroupBy(ProblemCodes.StatusOf)
            .OrderBy(each => each.Key))
        {
            answers[status.Key.ToString(CultureInfo.InvariantCulture)] = Problem(
                string.Join("; ", status.Select(ProblemCodes.TitleOf)),
                status.Key == StatusCodes.Status503ServiceUnavailable
                    ? [AnswerHeader.Cache, AnswerHeader.RetryAfter] : [AnswerHeader.Cache]);
        }

        return answers;
    }

    private static JsonObject Problem(string text, IEnumerable<string> headers) => new()
    {
        ["description"] = text,
        ["headers"] = AnswerHeader.Of(headers),
        ["content"] = Content(
            "application/problem+json", new JsonObject { ["$ref"] = "#/components/schemas/problem" }),
    };

    private static JsonObject Content(string type, JsonObject schema) =>
        new() { [type] = new JsonObject { ["schema"] = schema } };

    private static JsonObject FeedName(FeedChecks feeds) => new()
    {
        ["type"] = "string",
        ["enum"] = new JsonArray([.. feeds.All.Select(feed => (JsonNode)feed.Name)]),
    };
}
