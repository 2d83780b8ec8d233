/**
 * Who asks: `request` gives what it wants by the time that a worker can be told, `restarting`
 * hears that a worker was ended and it has to wait for the next.
 * @typedef {{request(): string, restarting(): void}} Asker
 */

/** An answer, its drawing, and the milliseconds that Python took for them.
 * @typedef {{answer: string, html: string | null, took: number}} Answered */

/**
 * @typedef {{
 *   asker: Asker,
 *   request: string,
 *   tries: number,
 *   resolve: (answer: Answered) => void,
 *   reject: (failure: Error) => void,
 * }} Asked
 */

const PATIENCE = 2000; // milliseconds for one drawing
const START = 8000; // milliseconds for Python to start, once the worker has its script
const TRIES = 2;

/**
 * The one Python of a page: a worker with MicroPython in it. A worker that dies, does not start
 * or takes too long for a drawing is ended and a new one started, which is given what had not
 * been answered. A request that fails twice in a row is given up.
 */
export class Python {
  #source;
  /** @type {Worker | undefined} */
  #worker;
  #starting = false; // there will be one
  #ready = false; // Python has started in it
  /** What has no answer yet, in the order of the answers. @type {Asked[]} */
  #asked = [];
  #alarm = 0;

  /** @param {() => Promise<string>} source  gives the address of the worker's script */
  constructor(source) {
    this.#source = source;
  }

  /** @param {Asker} asker @returns {Promise<Answered>} the answer to its request */
  ask(asker) {
    return new Promise((resolve, reject) => {
      const entry = { asker, request: "", tries: 0, resolve, reject };
      this.#asked.push(entry);
      if (this.#worker) this.#post(entry);
      else this.begin();
    });
  }

  /** Start, if it has not: it takes its time, and requests may come meanwhile. */
  begin() {
    if (!this.#worker && !this.#starting) this.#start();
  }

  async #start() {
    this.#starting = true;
    try {
      if (typeof WebAssembly === "undefined") throw new Error("this browser has no WebAssembly");
      const script = await this.#source();
      this.#starting = false;
      this.#employ(new Worker(script));
      for (const entry of this.#asked) this.#post(entry); // answered as soon as Python is there
    } catch (failure) {
      this.#fail(/** @type {Error} */ (failure).message);
    }
  }

  /** @param {Worker} worker */
  #employ(worker) {
    this.#worker = worker;
    let begun = false;
    worker.onmessage = ({ data }) => {
      if (worker !== this.#worker) return;
      if (data.begun) {
        begun = true;
        this.#watch(START); // not before: the network takes the time it takes
      } else if (data.ready) {
        this.#ready = true;
        this.#watchNext();
      } else if (data.error) {
        this.#fail(data.error);
      } else {
        const at = this.#asked.findIndex(({ request }) => request === data.request);
        if (at < 0) return;
        for (const entry of this.#asked.splice(at, 1)) entry.resolve(data);
        if (at === 0) this.#watchNext();
      }
    };
    worker.onerror = (event) => {
      event.preventDefault(); // it is told in the figure, not in the console
      if (worker !== this.#worker) return;
      this.#fail((begun && event.message) || "engine.js could not be loaded into a worker");
    };
  }

  /** @param {Asked} entry */
  #post(entry) {
    entry.request = entry.asker.request();
    this.#worker?.postMessage(entry.request);
    if (this.#ready && entry === this.#asked[0]) this.#watch(PATIENCE);
  }

  #watchNext() {
    if (this.#asked.length) this.#watch(PATIENCE);
    else clearTimeout(this.#alarm);
  }

  /** Fail if the worker is not heard of within `patience`. @param {number} patience */
  #watch(patience) {
    clearTimeout(this.#alarm);
    const due = performance.now() + patience;
    this.#alarm = window.setTimeout(() => {
      // An alarm that is itself late: the page was busy or asleep, the worker may be well.
      if (performance.now() - due > 500) this.#watch(patience);
      else this.#fail(`no answer within ${patience / 1000} seconds`);
    }, patience);
  }

  /**
   * End the worker. Those whose fault it may be have one try less; whoever still waits is
   * asked for again of a new worker.
   * @param {string} reason
   */
  #fail(reason) {
    const suspects = this.#ready ? this.#asked.slice(0, 1) : this.#asked;
    clearTimeout(this.#alarm);
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#starting = this.#ready = false;
    for (const entry of suspects) entry.tries += 1;
    const lost = this.#asked.filter((entry) => entry.tries >= TRIES);
    this.#asked = this.#asked.filter((entry) => entry.tries < TRIES);
    for (const entry of lost) entry.reject(new Error(`Python stopped: ${reason}.`));
    for (const entry of this.#asked) entry.asker.restarting();
    if (this.#asked.length) this.#start();
  }
}
