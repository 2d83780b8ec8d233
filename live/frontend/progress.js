/** @import {Answer} from "./ahead.js" */
/** @import {PageModel} from "./model.js" */

const KEY = "backprop-book.solved";

/**
 * Which exercises the reader has solved: {key of the exercise: the right answer as typed}, kept
 * in this browser. Where storage is forbidden or full it lasts as long as the page.
 */
class Solved {
  /** @type {Record<string, string>} */
  #answers = {};

  /** Return all that is known, what another tab has stored meanwhile included. */
  read() {
    try {
      const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}");
      for (const [key, answer] of Object.entries(stored)) {
        if (typeof answer === "string") this.#answers[key] = answer;
      }
    } catch {
      // Forbidden, or not ours: what this page knows stands.
    }
    return this.#answers;
  }

  /** @param {string} key @param {string} answer */
  add(key, answer) {
    this.read()[key] = answer;
    this.#write();
  }

  /** @param {Iterable<string>} keys */
  remove(keys) {
    this.read();
    for (const key of keys) delete this.#answers[key];
    this.#write();
  }

  #write() {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#answers));
    } catch {
      // see above
    }
  }
}

/**
 * Keep the progress of a page's exercises, and tell it in the page's `.exercise-tally`.
 * @param {{figure: HTMLElement, model: PageModel}[]} exercises
 */
export function keepProgress(exercises) {
  if (!exercises.length) return;
  const solved = new Solved();
  const models = new Map(exercises.map(({ model }) => [String(model.get("key")), model]));
  const tally = document.querySelector(".exercise-tally");
  const note = document.createElement("span");
  const clear = document.createElement("button");
  clear.type = "button";
  clear.textContent = "Clear";
  tally?.replaceChildren(note, clear);

  const tell = () => {
    const known = solved.read();
    const count = [...models.keys()].filter((key) => key in known).length;
    note.textContent = `${count} of ${models.size} questions of this chapter answered`;
    clear.hidden = count === 0;
  };

  for (const { figure, model } of exercises) {
    const key = String(model.get("key"));
    const answer = solved.read()[key];
    if (answer !== undefined) model.prepare({ answer, checked: answer });
    model.on("change:_answer", () => {
      const { state } = /** @type {Answer} */ (model.get("_answer"));
      if (!state || !figure.querySelector("[data-solved]")) return;
      solved.add(key, String(state.answer));
      tell();
    });
  }
  clear.addEventListener("click", () => {
    solved.remove(models.keys());
    for (const model of models.values()) model.restore({});
    tell();
  });
  addEventListener("storage", tell);
  tell();
}
