/** MicroPython with the book's Python files in it, as the page's worker and the tests start it. */

import { loadMicroPython } from "@micropython/micropython-webassembly-pyscript/micropython.mjs";

const PYSTACK = 8 * 1024; // words: for a formula with 20 parentheses inside one another

/**
 * @param {Record<string, string>} files  {path: source}
 * @param {object} options  for the loader
 */
export async function boot(files, options) {
  const python = await loadMicroPython({ pystack: PYSTACK, ...options });
  const encoder = new TextEncoder(); // the file system's own takes five times as long
  for (const [path, source] of Object.entries(files)) {
    path.split("/").forEach((_, depth, parts) => {
      const folder = parts.slice(0, depth).join("/");
      if (folder && !python.FS.analyzePath(folder).exists) python.FS.mkdir(folder);
    });
    python.FS.writeFile(path, encoder.encode(source));
  }
  return python;
}
