import { reactCases } from "./react.cases.js";

await reactCases(new URL("..", import.meta.url), "19");
