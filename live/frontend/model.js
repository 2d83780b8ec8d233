import { PAUSE } from "./ahead.js";

/** @import {Ahead, Answer, State} from "./ahead.js" */

/**
 * What a figure's front end may use of a model, be it anywidget's or the page's own.
 * @typedef {{
 *   get(key: string): unknown,
 *   set(key: string, value: unknown): void,
 *   save_changes(): void,
 *   send(content: {press: string | null}): void,
 *   on(event: string, heard: () => void): void,
 *   off(event: string, heard: () => void): void,
 *   foresee?(moves: {state?: State, press?: string}[]): void,
 * }} Model
 */

/**
 * A figure's model in a page. It behaves as a widget's model in a notebook does: one request is
 * in flight, meanwhile only the latest state is remembered (and every press). Beside the keys of
 * the state it has
 *
 *     _answer   the latest answer
 *     _status   "static", "loading", "live" or "failed"
 *
 * and beside their `change:KEY` it tells `touched` whenever the reader did something.
 * @implements {Model}
 */
export class PageModel {
  #python;
  #name;
  #initial;
  /** @type {Record<string, unknown>} */
  #values;
  /** Keys that were set since the request in flight was made. @type {Set<string>} */
  #moved = new Set();
  /** @type {string[]} */
  #presses = [];
  /** Keys that were set after a press that still waits to be asked. @type {Set<string>} */
  #later = new Set();
  /** The press that the request in flight is about. @type {string | undefined} */
  #pressing;
  /** What an address asks for, as it is written there. @type {Record<string, string>} */
  #raw = {};
  /** Of that, what the request in flight holds. @type {Record<string, string>} */
  #sent = {};
  #waiting = false; // something is to be asked
  #asking = false; // a request is in flight
  #stopped = false; // Python could not be had: ask no more until the reader wants it
  #touched = false; // by the reader: until then the drawing that the page came with will do
  #wanted = false; // whether it was so when the request in flight was made
  #slow = false; // a drawing took so long that one on the way to it was answered
  #sketched = false; // the request in flight is for what can be drawn while the reader moves on
  #wake = () => {}; // ends a pause: the reader has moved
  /** @type {Map<string, Set<() => void>>} */
  #listeners = new Map();

  /** @param {Ahead} python @param {string} name @param {State} initial */
  constructor(python, name, initial) {
    this.#python = python;
    this.#name = name;
    this.#initial = initial;
    this.#values = { ...initial, _status: "static" };
  }

  /** The state as it stands, the reader's latest moves included. */
  get state() {
    return /** @type {State} */ (
      Object.fromEntries(Object.keys(this.#initial).map((key) => [key, this.#values[key]]))
    );
  }

  /** Whether an answer is still to come. */
  get busy() {
    return this.#asking || (this.#waiting && !this.#stopped);
  }

  /** @param {string} key */
  get(key) {
    return this.#values[key];
  }

  /** @param {string} key @param {unknown} value */
  set(key, value) {
    if (this.#values[key] === value) return;
    this.#values[key] = value;
    this.#moved.add(key);
    if (this.#presses.length) this.#later.add(key);
    this.#tell(`change:${key}`);
  }

  save_changes() {
    this.#waiting = true;
    this.#touched = true;
    this.#wake();
    this.#tell("touched");
    if (!this.#stopped) this.#ask();
  }

  /** Press something; `null` draws once more, also after a failure. @param {{press: string | null}} content */
  send({ press }) {
    if (press !== null) this.#presses.push(press);
    this.#waiting = true;
    this.#touched = true;
    this.#wake();
    this.#tell("touched");
    this.#ask();
  }

  /** Begin: let Python draw the state as it is. */
  start() {
    if (this.get("_status") !== "static") return;
    this.#waiting = true;
    this.#ask();
  }

  /** Change the state that Python will be given once the figure starts. @param {State} state */
  prepare(state) {
    Object.assign(this.#values, state);
  }

  /** Go to the state that an address gives; Python makes sense of it. @param {Record<string, string>} raw */
  restore(raw) {
    this.#raw = raw;
    this.#presses = [];
    this.#touched = true;
    for (const [key, value] of Object.entries(this.#initial)) {
      this.#values[key] = value;
      this.#moved.add(key);
    }
    this.#waiting = true;
    this.#ask();
  }

  /** @param {string} event @param {() => void} heard */
  on(event, heard) {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(heard));
  }

  /** @param {string} event @param {() => void} heard */
  off(event, heard) {
    this.#listeners.get(event)?.delete(heard);
  }

  /** @param {string} event */
  #tell(event) {
    for (const heard of this.#listeners.get(event) ?? []) heard();
  }

  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    if (this.#stopped || this.get("_status") === "static") this.#become("loading");
    while (this.#waiting) {
      try {
        this.#sketched = false;
        const answer = await this.#python.ask(this);
        this.#take(answer);
        this.#stopped = false;
        if (answer.more && this.#sketched) await this.#rest();
      } catch (failure) {
        this.#presses = [];
        this.#waiting = false;
        this.#stopped = true;
        this.#take({ error: /** @type {Error} */ (failure).message });
      }
    }
    this.#asking = false;
  }

  /** The request for what is wanted now; made anew if the worker had to be started again. */
  request() {
    // What was moved after the press holds, whatever the press does; it is asked for next.
    const moves = this.#sketched || this.#moved.size > 0;
    if (this.#pressing === undefined) this.#moved = this.#later;
    this.#later = new Set();
    this.#pressing ??= this.#presses.shift();
    this.#sketched = moves && this.#pressing === undefined;
    this.#waiting = this.#presses.length > 0 || this.#moved.size > 0;
    this.#sent = this.#raw;
    this.#wanted = this.#touched;
    const early = this.#sketched ? "sketch" : this.#touched ? "" : "none";
    return this.#write({ ...this.state, ...this.#raw }, this.#pressing, early);
  }

  /** Have Python draw ahead what the reader may do next. @param {{state?: State, press?: string}[]} moves */
  foresee(moves) {
    if (this.#slow) return;
    this.#python.foresee(
      moves.map(({ state, press }) => this.#write({ ...this.state, ...state }, press)),
    );
  }

  /** Wait until a drag would have gone on: till then another move comes first. */
  #rest() {
    return new Promise((done) => {
      this.#wake = () => done(undefined);
      setTimeout(done, PAUSE);
    });
  }

  /** @param {State} state @param {string} [press] @param {string} [early] */
  #write(state, press, early = "") {
    return JSON.stringify({
      figure: this.#name,
      state,
      initial: this.#initial,
      press: press ?? null,
      early,
    });
  }

  /** The worker is being started again. */
  restarting() {
    this.#become("loading");
  }

  /** @param {Answer} answer */
  #take(answer) {
    this.#pressing = undefined;
    if (this.#raw === this.#sent) this.#raw = {};
    for (const [key, value] of Object.entries(answer.state ?? {})) {
      if (this.#moved.has(key) || this.#values[key] === value) continue;
      this.#values[key] = value;
      this.#tell(`change:${key}`);
    }
    this.#slow ||= Boolean(answer.more);
    // Nobody has asked for more than the page came with, and other figures may want Python.
    if (answer.more && !this.#wanted) return this.#become("live");
    if (answer.more) this.#waiting = true;
    this.#values._answer = answer;
    this.#become(answer.error ? "failed" : "live");
    this.#tell("change:_answer");
  }

  /** @param {string} status */
  #become(status) {
    this.#values._status = status;
    this.#tell("change:_status");
  }
}
