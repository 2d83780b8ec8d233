/**
 * The worker: MicroPython and the book's own Python in it. A message is a request for a drawing
 * (see live/page.py), answered in the order they come.
 */

import { boot } from "./micropython.js";

const { wasm, modules } = PACKED;
const page = /** @type {Worker} */ (/** @type {unknown} */ (self));

/** @param {string} text  gzipped, in base64 @param {string} type */
function unpack(text, type) {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i); // the quickest way
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream, { headers: { "Content-Type": type } });
}

/** @param {Uint8Array} packed @returns {Record<string, Uint8Array>} {path of a module: its code} */
function apart(packed) {
  let at = packed.indexOf("\n".charCodeAt(0));
  const index = JSON.parse(new TextDecoder().decode(packed.subarray(0, at)));
  at += 1;
  return Object.fromEntries(
    index.map((/** @type {[string, number]} */ [path, length]) => {
      at += length;
      return [path, packed.subarray(at - length, at)];
    }),
  );
}

async function start() {
  if (typeof DecompressionStream === "undefined") throw new Error("this browser is too old");
  console.error = () => {}; // the loader's: what goes wrong is told in the figure
  // The one thing that the loader fetches is here already.
  self.fetch = async () => unpack(wasm, "application/wasm");
  const packed = new Uint8Array(await unpack(modules, "application/octet-stream").arrayBuffer());
  const python = await boot(apart(packed), { stdout() {}, stderr() {} });
  python.pyimport("autograd"); // what every figure will ask for, while none does yet
  return python;
}

/** @param {unknown} error */
const fault = (error) => page.postMessage({ error: String(error).trim().split("\n").pop() });

page.postMessage({ begun: true });
const started = start().then((python) => {
  let begun = 0;
  let request = "";
  const answer = python.pyimport("live.page").answering(
    /** @param {string} answer @param {string | null} html */
    (answer, html) => page.postMessage({ answer, html, request, took: performance.now() - begun }),
  );
  const { collect } = python.pyimport("gc");
  page.postMessage({ ready: true });
  return (/** @type {string} */ data) => {
    begun = performance.now();
    answer((request = data));
    collect(); // left to itself, MicroPython fills 134 megabytes first
  };
});
started.catch(fault);

page.onmessage = async ({ data }) => {
  const answer = await started;
  try {
    answer(data);
  } catch (error) {
    fault(error);
  }
};
