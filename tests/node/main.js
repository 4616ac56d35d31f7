// What npm's own tools say of a running edge: node main.js http://127.0.0.1:PORT/ KEY. Exit code 0 when all of it is good.
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Parser } from "@asyncapi/parser";
import { buildClientSchema, getIntrospectionQuery, printSchema } from "graphql";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const [http, key] = process.argv.slice(2);
const socketUrl = new URL("/graphql", http).href.replace("http", "ws");
let failed = 0;
let passed = 0;

async function check(name, act) {
  let timer;
  try {
    const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error("not within 30 s")), 30_000); });
    await Promise.race([act(), late]);
    passed++;
    console.log(`ok ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${name}: ${error?.stack ?? JSON.stringify(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

function expect(condition, what) {
  if (!condition) throw new Error(what);
}

async function text(path) {
  const answer = await fetch(new URL(path, http));
  expect(answer.ok, `${path}: ${answer.status}`);
  return await answer.text();
}

async function post(body) {
  const answer = await fetch(new URL("/graphql", http), {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  });
  return { status: answer.status, ...(await answer.json()) };
}

await check("openapi.json is good to redocly", async () => {
  const config = await createConfig({ extends: ["recommended"], rules: { "operation-4xx-response": "off" } });
  const problems = await lintFromString({ source: await text("/v1/openapi.json"), config });
  const errors = problems.filter(each => each.severity === "error");
  expect(errors.length === 0, errors.map(each => `${each.ruleId}: ${each.message} ${each.location[0]?.pointer}`).join("\n"));
});

await check("asyncapi.json is good to its parser", async () => {
  const { document, diagnostics } = await new Parser().parse(await text("/v1/asyncapi.json"));
  const errors = diagnostics.filter(each => each.severity === 0);
  expect(document && errors.length === 0, errors.map(each => `${each.message} ${each.path.join("/")}`).join("\n"));
});

await check("the schema answers introspection", async () => {
  const { data, errors } = await post({ query: getIntrospectionQuery() });
  expect(!errors, JSON.stringify(errors));
  const schema = printSchema(buildClientSchema(data));
  for (const part of [
    "small(key: String!): small!", "small_keys(prefix: String, first: Int, after: String): [String!]!",
    "small_rows(prefix: String, sort: String, limit: Int): [small!]!", "scalar Long", "scalar Json", "enum State",
    "  n: Long", "  mean: Float", "  tags: Json", "data: smallData", "data: Json", "epoch: String!", "version: Long!",
    "state: State!", "type Subscription",
  ]) {
    expect(schema.includes(part), `without ${part}:\n${schema}`);
  }
});

const client = createClient({ url: socketUrl, webSocketImpl: WebSocket, retryAttempts: 0, keepAlive: 1_000 });

await check("a subscription shows a key", async () => {
  const query = "subscription($key: String!) { small(key: $key) { key version state data { n } } }";
  for await (const result of client.iterate({ query, variables: { key } })) {
    expect(!result.errors, JSON.stringify(result.errors));
    const shown = result.data.small;
    if (shown.state === "live" && shown.version > 0 && shown.data.n > 0 && shown.key === key) return;
  }
});

await check("a collection is shown, too", async () => {
  const query = "subscription { small_rows(sort: \"-n\", limit: 3) { key version state data { n } } }";
  for await (const result of client.iterate({ query })) {
    expect(!result.errors, JSON.stringify(result.errors));
    if (result.data.small_rows.length === 3) return;
  }
});

await check("a query goes over the same socket and ends", async () => {
  const results = [];
  for await (const result of client.iterate({ query: "{ small_keys(first: 2) }" })) results.push(result);
  expect(results.length === 1 && results[0].data.small_keys.length === 2, JSON.stringify(results));
});

async function refusal(query, variables) {
  try {
    for await (const result of client.iterate({ query, variables })) return result.errors?.[0];
  } catch (errors) {
    return Array.isArray(errors) ? errors[0] : errors;
  }
}

for (const [name, query, code] of [
  ["a text that is no GraphQL", "subscription { small(", "bad-frame"],
  ["an unknown field", "subscription { small(key: \"a\") { nothing } }", "unknown-field"],
  ["an unknown feed", "subscription { nothing(key: \"a\") { key } }", "unknown-field"],
  ["an impossible key", "subscription { small(key: \"\") { key } }", "bad-key"],
  ["a bad sort", "subscription { small_rows(sort: \"nothing\") { key } }", "bad-sort"],
  ["a limit", "subscription { small_rows(limit: 1001) { key } }", "limit"],
]) {
  await check(`${name} is ${code}`, async () => {
    const error = await refusal(query);
    expect(error?.extensions?.code === code, JSON.stringify(error));
  });
}

await check("a subscription by POST is refused, and what costs too much", async () => {
  let answer = await post({ query: "subscription { small(key: \"a\") { key } }" });
  expect(answer.errors?.[0].extensions.code === "unknown-op", JSON.stringify(answer));
  const greedy = [...Array(30).keys()].map(each => `a${each}: small_rows(limit: 1000) { key data { n mean } }`).join(" ");
  answer = await post({ query: `{ ${greedy} }` });
  expect(answer.status === 400 && answer.errors?.[0].extensions.code === "limit", JSON.stringify(answer).slice(0, 500));
});

await client.dispose();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
