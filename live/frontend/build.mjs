/**
 * Bundles the front end into live/static/:
 *
 *     figure.js   the front end of a figure, for notebooks
 *     figure.css  its controls and drawings, for both
 *     host.js     what brings the figures of a built page to life
 *     engine.js   MicroPython and the Python modules that run in it; host.js loads it
 *     late.js     does what can wait until the page is there, such as to load the theme's scripts
 *     reading.js  turns pages by key, and keeps the reader's place
 *     offline.js  what has a page of the book kept for when the network is off
 *     service-worker.js  what keeps it; the book's build says of which files
 *
 * All of them are plain files that work from a folder as they do from a server.
 */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { gzipAsync } from "@gfx/zopfli";
import { build } from "esbuild";
import { bytecode } from "./bytecode.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const out = join(here, "../static");
const wasm = createRequire(import.meta.url).resolve(
  "@micropython/micropython-webassembly-pyscript/micropython.wasm",
);

/** @param {string} entry @param {import("esbuild").BuildOptions} options */
async function bundle(entry, options) {
  /** @type {import("esbuild").BuildOptions & {write: false}} */
  const settings = {
    ...options,
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    write: false,
    target: "es2022",
    charset: "utf8",
    legalComments: "inline",
  };
  const { outputFiles } = await build(settings);
  return outputFiles[0].text;
}

/**
 * MicroPython's loader checks itself at every turn, for those who build it. Once `assert` is empty,
 * the bundler leaves out its calls and what they would say: a twentieth of the loader.
 * @type {import("esbuild").Plugin}
 */
const withoutChecks = {
  name: "without-checks",
  setup({ onLoad }) {
    onLoad({ filter: /micropython\.mjs$/ }, ({ path }) => {
      const loader = readFileSync(path, "utf8");
      const contents = loader.replace(/(function assert\(condition,text\)\{)[^}]*/, "$1");
      if (contents === loader) throw new Error("the loader's assert is not where it was");
      return { contents };
    });
  },
};

/** Write a file if it changed: by its time, others tell what has to be made again.
 * @param {string} name @param {string} text */
function write(name, text) {
  const path = join(out, name);
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  writeFileSync(path, text);
  console.log(`live/static/${name}  ${text.length} B, ${gzipSync(text).length} B gzipped`);
}

/**
 * Gzip with more patience than gzip has, seconds for a twentieth less, what has not changed since
 * the last time excepted. Return it in base64.
 * @param {Buffer} data
 */
async function pack(data) {
  const key = createHash("sha256").update(data).digest("hex");
  packs[key] = packed[key] ?? Buffer.from(await gzipAsync(data, {})).toString("base64");
  return packs[key];
}

mkdirSync(out, { recursive: true });
const cache = join(root, "node_modules/.cache");
mkdirSync(cache, { recursive: true });
const kept = join(cache, "packed.json");
/** What was packed the last time, and what is now. @type {Record<string, string>[]} */
const [packed, packs] = [existsSync(kept) ? JSON.parse(readFileSync(kept, "utf8")) : {}, {}];

write("figure.js", await bundle("figure.js", { format: "esm" }));
write("late.js", await bundle("late.js", { format: "iife" }));
write("reading.js", await bundle("reading.js", { format: "iife" }));
write("offline.js", await bundle("offline.js", { format: "iife" }));
write("service-worker.js", await bundle("service/worker.js", { format: "iife" }));
write("figure.css", await bundle("figure.css", { loader: { ".css": "css" } }));

const worker = await bundle("worker.js", {
  format: "iife",
  // The loader knows Node too, and imports its modules at the top level, which a worker's plain
  // script may not: to it there is no Node.
  external: ["module"],
  plugins: [withoutChecks],
  define: {
    PACKED: "packed",
    process: "undefined",
    "globalThis.process": "undefined",
    "import.meta.url": '""',
  },
});
const modules = Object.entries(bytecode(root));
const index = modules.map(([path, code]) => [path, code.length]);
const blocks = modules.map(([, code]) => code);
const payload = {
  wasm: await pack(readFileSync(wasm)),
  modules: await pack(Buffer.concat([Buffer.from(`${JSON.stringify(index)}\n`), ...blocks])),
};
writeFileSync(kept, JSON.stringify(packs));
const license = readFileSync(join(here, "micropython-license.txt"), "utf8");
// A worker runs it; to a page that may not start one from a file, a script gives the worker's text.
const engine = `/*!\n${license}*/
((run) => typeof document === "undefined" ? run() : document.currentScript.dispatchEvent(
new CustomEvent("engine", { detail: \`(\${run})()\` })))(() => {
const packed=${JSON.stringify(payload)};${worker}})
`;
write("engine.js", engine);
write("host.js", await bundle("host.js", { format: "iife" }));
