/** MicroPython with the book's Python modules in it, as the page's worker and the tests start it. */

import { loadMicroPython } from "@micropython/micropython-webassembly-pyscript/micropython.mjs";

const PYSTACK = 8 * 1024; // words: for a formula with 20 parentheses inside one another

/**
 * @param {Record<string, Uint8Array>} modules  {path: bytecode}
 * @param {object} options  for the loader
 */
export async function boot(modules, options) {
  const python = await loadMicroPython({ pystack: PYSTACK, ...options });
  for (const [path, code] of Object.entries(modules)) {
    path.split("/").forEach((_, depth, parts) => {
      const folder = parts.slice(0, depth).join("/");
      if (folder && !python.FS.analyzePath(folder).exists) python.FS.mkdir(folder);
    });
    python.FS.writeFile(path, code);
  }
  return python;
}
