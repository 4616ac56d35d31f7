using System.Globalization;
using System.Text.Json.Nodes;

namespace AkkaFeeds.Server.Edge.Surfaces;

/// <summary>
/// The description of HTTP's surface (OpenAPI 3.1), made from the routes, codes and frames that there are.
/// </summary>
internal static class OpenApiDocument
{
    private static readonly string[] Instants = ["AkkaFeeds-Now", "AkkaFeeds-Read"];

    public static JsonObject Make(FeedChecks feeds, SurfaceSchemas schemas, string version)
    {
        var paths = new JsonObject();
        foreach (var route in EdgeRoute.All)
        {
            paths[route.Path] = new JsonObject { ["get"] = Get(route, feeds) };
        }

        paths[GraphQl.GraphQlEndpoint.Path] = new JsonObject { ["post"] = Query() };
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

        return new JsonObject
        {
            ["operationId"] = route.Name,
            ["summary"] = route.Summary,
            ["parameters"] = parameters,
            ["responses"] = Answers(
                Answer(route), route.Schema is "keySnapshot" ? "304" : null, route.Problems),
        };
    }

    private static JsonObject Query() => new()
    {
        ["operationId"] = "query",
        ["summary"] = "A GraphQL query; the schema answers introspection.",
        ["requestBody"] = new JsonObject
        {
            ["required"] = true,
            ["content"] = Content("application/json", new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("query"),
                ["properties"] = new JsonObject
                {
                    ["query"] = new JsonObject { ["type"] = "string" },
                    ["variables"] = new JsonObject { ["type"] = "object" },
                    ["operationName"] = new JsonObject { ["type"] = "string" },
                },
            }),
        },
        ["responses"] = Answers(
            new JsonObject
            {
                ["description"] = "Data, errors, or both.",
                ["content"] = Content("application/json", new JsonObject { ["type"] = "object" }),
            },
            null, [ProblemCodes.BadFrame, ProblemCodes.Forbidden, ProblemCodes.TooLarge, ProblemCodes.NotReady]),
    };

    private static JsonObject Answer(EdgeRoute route)
    {
        var answer = new JsonObject
        {
            ["description"] = route.Summary,
            ["content"] = Content(route.ContentType, route.Schema is null
                ? new JsonObject { ["type"] = route.ContentType == "text/event-stream" ? "string" : "object" }
                : new JsonObject { ["$ref"] = $"#/components/schemas/{route.Schema}" }),
        };
        if (route.Path.Contains("{feed}", StringComparison.Ordinal))
        {
            var headers = new JsonObject();
            foreach (var name in Instants)
            {
                headers[name] = new JsonObject
                {
                    ["description"] = "Unix milliseconds.",
                    ["schema"] = new JsonObject { ["type"] = "integer" },
                };
            }

            answer["headers"] = headers;
        }

        return answer;
    }

    private static JsonObject Answers(JsonObject good, string? unchanged, IReadOnlyList<string> problems)
    {
        var answers = new JsonObject { ["200"] = good };
        if (unchanged is not null)
        {
            answers[unchanged] = new JsonObject { ["description"] = "It still is as the client holds it." };
        }

        foreach (var status in problems.Append(ProblemCodes.Internal).GroupBy(ProblemCodes.StatusOf)
            .OrderBy(each => each.Key))
        {
            answers[status.Key.ToString(CultureInfo.InvariantCulture)] = new JsonObject
            {
                ["description"] = string.Join("; ", status.Select(ProblemCodes.TitleOf)),
                ["content"] = Content(
                    "application/problem+json", new JsonObject { ["$ref"] = "#/components/schemas/problem" }),
            };
        }

        return answers;
    }

    private static JsonObject Content(string type, JsonObject schema) =>
        new() { [type] = new JsonObject { ["schema"] = schema } };

    private static JsonObject FeedName(FeedChecks feeds) => new()
    {
        ["type"] = "string",
        ["enum"] = new JsonArray([.. feeds.All.Select(feed => (JsonNode)feed.Name)]),
    };
}
