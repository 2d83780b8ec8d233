// [{tex, display}, ...] on standard input -> [{mathml} or {error}, ...] on standard output.

import { stdin, stdout } from "node:process";
import { json } from "node:stream/consumers";
import temml from "temml";

const formulas = /** @type {{tex: string, display: boolean}[]} */ (await json(stdin));

stdout.write(
  JSON.stringify(
    formulas.map(({ tex, display }) => {
      try {
        return { mathml: temml.renderToString(tex, { displayMode: display, throwOnError: true }) };
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        return { error: said.trim().split("\n")[0] }; // then comes an excerpt of the formula
      }
    }),
  ),
);
