/** The Python files that run in the page, for the bundler and for the tests. */

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

// NumPy's half of the engine; pictures for notebooks; what no figure asks for
const NOT_IN_THE_PAGE = ["arrays", "operations", "display", "check", "functional"].map(
  (name) => `autograd/${name}.py`,
);

/**
 * The head of a function without its types, which MicroPython drops.
 * @param {string} head
 */
function untyped(head) {
  return head
    .replace(/(\w): (?:"[^"]*"|[A-Z]\w+|bool|float|int|object|str)(?=[,)\n]| = )/g, "$1")
    .replace(/ -> .*(?=:\n$)/, "");
}

/**
 * A file without what only its readers need: docstrings become "", comments and types go, four
 * spaces of indentation are one.
 * @param {string} text
 */
function slim(text) {
  return text
    .replace(/^( *)"""[^]*?"""$/gm, '$1""')
    .replace(/^ *#.*\n/gm, "")
    .replace(/ {2}# [^"'\n]*$/gm, "")
    .replace(/^ *def [^]*?:\n/gm, untyped)
    .replace(/^ +\w+: "[^"]*"\n/gm, "") // what a class says of its attributes
    .replace(/\n{2,}/g, "\n")
    .replace(/^( {4})+/gm, (spaces) => " ".repeat(spaces.length / 4));
}

/**
 * @param {string} root  the book's folder
 * @param {string[]} also  paths of files that the page does not have
 * @returns {Record<string, string>} {path: source}
 */
export function sources(root, also = []) {
  const paths = ["autograd", "figures"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((file) => join(folder, file).replaceAll("\\", "/"))
      .filter((path) => path.endsWith(".py"))
      .filter((path) => !NOT_IN_THE_PAGE.includes(path) || also.includes(path))
      .sort(),
  );
  return Object.fromEntries(
    [...paths, "live/page.py"].map((path) => [path, slim(readFileSync(join(root, path), "utf8"))]),
  );
}
