// node bundle.js [FILE]: the client's modules in one small file, which servers give as /akkafeeds.js.
import { realpathSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";

// Names that the modules have for each other, made short in the file, as is what begins with an underscore. None of them
// may be a page's, a frame's or a browser's: test/dist.test.js looks.
const inside = ("accept ask authorize check core fault forget held isAnswered isPolled isRefusal isRefused isWelcome "
  + "last lose lostSince needsMore online patience receive request rung shown stateIs subscribeFrame tag tell turn "
  + "unsubscribeFrame watches wishes").split(" ");

const file = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The text of the file, the names that were made short in it, and those that should be. */
export async function bundle() {
  const { outputFiles: [{ text }], mangleCache } = await build({
    entryPoints: [file("akkafeeds.js")], bundle: true, minify: true, write: false, format: "esm", target: "es2022",
    mangleProps: new RegExp(`^(_.+|${inside.join("|")})$`), mangleCache: {},
  });
  // Each of these is smaller by itself once it is gzipped. What is unsafe assumes that nobody replaces Error or String.
  const compress = {
    passes: 3, unsafe: true, unsafe_arrows: true, pure_getters: true, lhs_constants: false, sequences: false,
  };
  const { code } = await minify(text, { module: true, ecma: 2020, compress, mangle: true });
  return { code: `${code}\n`, names: Object.keys(mangleCache), inside };
}

if (realpathSync(process.argv[1]) === file("bundle.js")) {
  await writeFile(process.argv[2] ?? file("dist/akkafeeds.js"), (await bundle()).code);
}
