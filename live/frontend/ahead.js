/** @import {Asker, Python} from "./python.js" */

/** @typedef {string | number | boolean} Value */

/** @typedef {Record<string, Value>} State */

/**
 * What Python answers: a state and its drawing, or an error; and the press it answers to. With
 * `more` the drawing is one on the way to that state, from which it differs by this; or, if by
 * nothing, a sketch.
 * @typedef {{n?: number, state?: State, html?: string, error?: string, press?: string | null,
 *   more?: State}} Answer
 */

const KEPT = 200; // answers
export const PAUSE = 40; // milliseconds in which a drag would have gone on
const FRAME = 16; // milliseconds between two moves of a drag

/**
 * Asks Python, remembers what it answered, and asks it ahead of the reader: while a slider is
 * dragged, its next values can be foreseen, and between two moves Python has nothing to do. A
 * drawing follows from its request alone, so an answer that came early is the one that would have
 * come late.
 */
export class Ahead {
  #python;
  /** Who waits for an answer. @type {Set<Asker>} */
  #readers = new Set();
  /** What readers asked for lately, and the answers. @type {Map<string, Answer>} */
  #known = new Map();
  /** What may be asked for next, and nobody has asked Python yet. @type {string[]} */
  #foreseen = [];
  /** What Python was asked of that, and its answers, some still to come. @type {Map<string, Promise<Answer>>} */
  #early = new Map();
  #guessing = false; // Python was asked for something foreseen, and has not answered
  #fresh = false; // what may come next was just said: nothing of it has been asked for
  #said = 0; // when that was
  #took = Infinity; // milliseconds of Python's time for the last answer
  #timer = 0;

  /** @param {Python} python */
  constructor(python) {
    this.#python = python;
  }

  /** Start Python, for what will be asked. */
  begin() {
    this.#python.begin();
  }

  /** @param {Asker} asker @returns {Promise<Answer>} the answer to its request */
  async ask(asker) {
    this.#readers.add(asker);
    let request = asker.request();
    const late = () =>
      this.#ask({
        request: () => (request = asker.request()), // it may be another when Python is there
        restarting: () => asker.restarting(),
      });
    try {
      const known = this.#known.get(plain(request)) ?? this.#early.get(plain(request));
      const answer = await (known ?? late());
      this.#keep(plain(request), answer);
      return answer;
    } finally {
      this.#readers.delete(asker);
      this.#goOn();
    }
  }

  /**
   * Have `requests` answered, in this order, when no reader waits; where Python is quick, the first
   * of them right after what a reader waits for.
   * @param {string[]} requests
   */
  foresee(requests) {
    const early = this.#early;
    this.#early = new Map([...early].filter(([request]) => requests.includes(request)));
    this.#foreseen = requests.filter((request) => !early.has(request) && !this.#known.has(request));
    this.#said = performance.now();
    this.#fresh = true;
    this.#goOn();
  }

  /** Ask for what was foreseen, if it will be answered before the next move: that comes first. */
  #goOn() {
    if (this.#guessing || !this.#foreseen.length) return;
    clearTimeout(this.#timer);
    const done = this.#took + (this.#fresh ? 0 : performance.now() - this.#said);
    if (done < FRAME && (this.#fresh || !this.#readers.size)) this.#guess();
    else this.#timer = window.setTimeout(() => this.#readers.size || this.#guess(), PAUSE);
  }

  async #guess() {
    const request = this.#foreseen.shift();
    if (request === undefined) return;
    this.#guessing = true;
    this.#fresh = false;
    const restarting = () => this.#readers.forEach((reader) => reader.restarting());
    const answer = this.#ask({ request: () => request, restarting });
    this.#early.set(request, answer);
    // Who waits for it is told that it failed; who comes later asks anew.
    await answer.catch(() => this.#early.delete(request));
    this.#guessing = false;
    this.#goOn();
  }

  /** @param {Asker} asker @returns {Promise<Answer>} */
  async #ask(asker) {
    const { answer, html, took } = await this.#python.ask(asker);
    this.#took = took;
    return { ...JSON.parse(answer, short), ...(html === null ? {} : { html }) };
  }

  /**
   * Remember a good answer, for who asks the same and for who asks for what it shows.
   * @param {string} request @param {Answer} answer
   */
  #keep(request, answer) {
    this.#early.delete(request);
    const { error, more, ...whole } = answer;
    if (error || !whole.html) return;
    if (!more) this.#remember(request, answer);
    if (more ? !Object.keys(more).length : !whole.press) return; // a sketch; or it is kept by now
    const asked = JSON.parse(request);
    Object.assign(asked.state, whole.state, more);
    asked.press = null;
    this.#remember(JSON.stringify(asked), { ...whole, state: asked.state, press: null });
  }

  /** @param {string} request @param {Answer} answer */
  #remember(request, answer) {
    this.#known.delete(request); // the latest is the last
    this.#known.set(request, answer);
    if (this.#known.size > KEPT) this.#known.delete(this.#known.keys().next().value ?? "");
  }
}

/**
 * A request by which its answer is known: the same, whatever will do till then.
 * @param {string} request
 */
const plain = (request) => request.replace(/"early":"\w*"}$/, '"early":""}');

/**
 * MicroPython's floats can be off in their last digit (0.8100000000000001).
 * @param {string} _key @param {unknown} value
 */
function short(_key, value) {
  return typeof value === "number" ? Number(value.toPrecision(12)) : value;
}
