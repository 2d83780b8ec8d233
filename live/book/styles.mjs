// {others, own, named} on standard input -> one style sheet on standard output. See styles.py.

import { stdin, stdout } from "node:process";
import { json } from "node:stream/consumers";
import { transform } from "esbuild";
import { PurgeCSS } from "purgecss";

const WORD = /[\w-]+/g;
const TAG = /<[a-z][^>]*>/gi; // what is in a page's text names nothing

const { others, own, named } = /** @type {{others: string, own: string, named: string[]}} */ (
  await json(stdin)
);

/** @param {string} text @returns {string[]} */
const words = (text) => text.match(WORD) ?? [];

/** Scripts set attributes by names of their own: none is taken for unused. */
const attributes = Array.from(others.matchAll(/\[([\w-]+)/g), ([, name]) => name);

const [{ css }] = await new PurgeCSS().purge({
  content: named,
  css: [{ raw: others }],
  extractors: [
    { extensions: ["html"], extractor: (html) => words((html.match(TAG) ?? []).join(" ")) },
    { extensions: ["js"], extractor: words },
  ],
  dynamicAttributes: attributes,
  fontFace: true,
  keyframes: true,
});
const { code } = await transform(css + own, { loader: "css", minify: true, legalComments: "inline" });
stdout.write(code);
