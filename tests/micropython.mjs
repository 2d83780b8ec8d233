/**
 * MicroPython with the page's Python modules, for the tests. Reads requests, one JSON object a
 * line, and answers each in one line:
 *
 *     {"run": code}        {"value": what the code printed} or {"error": traceback}
 *     {"answer": request}  {"value": what live/page.py sends} or {"error": traceback}
 */

import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { boot } from "../live/frontend/micropython.js";
import { bytecode } from "../live/frontend/bytecode.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const also = ["autograd/check.py", "autograd/functional.py"]; // which run here as well

let printed = "";
const python = await boot(bytecode(root, also), {
  stdout: (line) => (printed += `${line}\n`),
});

/** @type {[string, string | null]} */
let answered;
const answer = python
  .pyimport("live.page")
  .answering((...sent) => (answered = sent));

const verbs = {
  run(code) {
    printed = "";
    python.runPython(code);
    return printed;
  },
  answer(request) {
    answer(request);
    python.pyimport("gc").collect(); // as the page's worker does
    return answered;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [[verb, given]] = Object.entries(JSON.parse(line));
  let reply;
  try {
    reply = { value: verbs[verb](given) };
  } catch (error) {
    reply = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
