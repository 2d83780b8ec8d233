/** @import {Asker, Python} from "./python.js" */

/**
 * Asks Python, and asks it ahead of the reader: while a slider is dragged, its next values can be
 * foreseen, and between two moves Python has nothing to do. A drawing follows from its request
 * alone, so an answer that came early is the one that would have come late.
 */
export class Ahead {
  #python;
  /** Who waits for an answer. @type {Set<Asker>} */
  #readers = new Set();
  /** What may be asked for next, and nobody has asked Python yet. @type {string[]} */
  #foreseen = [];
  /** What Python was asked of that, and its answers, some still to come. @type {Map<string, Promise<string>>} */
  #answers = new Map();
  #working = false;

  /** @param {Python} python */
  constructor(python) {
    this.#python = python;
  }

  /** @param {Asker} asker @returns {Promise<string>} the answer to its request */
  async ask(asker) {
    this.#readers.add(asker);
    try {
      const known = this.#answers.size ? this.#answers.get(asker.request()) : undefined;
      return await (known ?? this.#python.ask(asker));
    } finally {
      this.#readers.delete(asker);
      setTimeout(() => this.#work()); // after whoever asked has shown the answer, or asked for more
    }
  }

  /** Have `requests` answered, in this order, when no reader waits. @param {string[]} requests */
  foresee(requests) {
    const answers = this.#answers;
    this.#answers = new Map([...answers].filter(([request]) => requests.includes(request)));
    this.#foreseen = requests.filter((request) => !answers.has(request));
  }

  async #work() {
    if (this.#working) return;
    this.#working = true;
    while (!this.#readers.size && this.#foreseen.length) {
      const request = /** @type {string} */ (this.#foreseen.shift());
      const restarting = () => this.#readers.forEach((reader) => reader.restarting());
      const answer = this.#python.ask({ request: () => request, restarting });
      this.#answers.set(request, answer);
      // Who waits for it is told that it failed; who comes later asks anew.
      await answer.catch(() => this.#answers.delete(request));
    }
    this.#working = false;
  }
}
