// node bundle.js [FILE]: the client's modules in one small file, which servers give as /akkafeeds.js.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";

// Names that the modules have for each other; none of them is a page's, a frame's or a browser's.
const inside = "isAnswered lostSince needsMore subscribeFrame unsubscribeFrame stateIs authorize patience isRefused "
  + "isPolled held take tell watches drop ask told receive turn fresh failed tag query";
const file = (path) => fileURLToPath(new URL(path, import.meta.url));

const { outputFiles: [{ text }] } = await build({
  entryPoints: [file("akkafeeds.js")], bundle: true, minify: true, write: false, format: "esm", target: "es2022",
  mangleProps: new RegExp(`^(_.+|${inside.replaceAll(" ", "|")})$`),
});
const { code } = await minify(text, { module: true, ecma: 2020, compress: { passes: 3, unsafe_arrows: true }, mangle: true });
await writeFile(process.argv[2] ?? file("dist/akkafeeds.js"), `${code}\n`);
