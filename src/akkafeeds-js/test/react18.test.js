import { reactCases } from "./react.cases.js";

await reactCases(new URL("react18/", import.meta.url), "18");
