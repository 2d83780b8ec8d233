/**
 * Brings the figures of a built page to life: mounts each, starts Python when one comes near,
 * and gives each the state that the address asks for.
 */

import { address, keepAddress, keepWhenLeaving, setAddress } from "./address.js";
import { Ahead } from "./ahead.js";
import { PageModel } from "./model.js";
import { Python } from "./python.js";
import { keepProgress } from "./progress.js";
import front from "./figure.js";

const NEAR = "200%"; // of the window's height, below and above it
const BLANK = 1000; // milliseconds: where a page has nothing to show by then, Python may start

const here = /** @type {HTMLScriptElement} */ (document.currentScript);

/** A page of the book says where the engine is. There Python starts at once, while the page is being
 * read; but not on a phone, whose connection may be slow: what is read comes first. */
const told = here.dataset.engine;
const atOnce = told && matchMedia("(min-width: 48rem)").matches;
const engine = told ? new URL(told, document.baseURI) : new URL("engine.js", here.src);

/** @type {Map<string, {figure: HTMLElement, model: PageModel}>} */
const figures = new Map();

/** The address of the worker's script, once it was asked for.
 * @type {Promise<string> | undefined} */
let source;

const python = new Ahead(
  new Python(() => {
    source ??= atOnce ? workerScript() : painted().then(workerScript);
    source.catch(() => (source = undefined)); // the next try loads it anew
    return source;
  }),
);

/** @returns {Promise<void>} that the page can be seen: what is read comes before what is turned */
function painted() {
  return new Promise((resolve) => {
    setTimeout(resolve, BLANK);
    new PerformanceObserver((list) => {
      if (list.getEntriesByName("first-contentful-paint").length) resolve();
    }).observe({ type: "paint", buffered: true }); // to a browser that knows of no paint, nothing
  });
}

/**
 * The address of the worker's script: the engine's own; of a page that may not start a worker from
 * there, such as one that was opened as a file, that of a copy, which the engine hands to the page
 * by an event.
 * @returns {Promise<string>}
 */
async function workerScript() {
  if (self.origin !== "null" && engine.origin === self.origin) return engine.href;
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.addEventListener("engine", (event) => {
      const { detail } = /** @type {CustomEvent<string>} */ (event);
      resolve(URL.createObjectURL(new Blob([detail], { type: "text/javascript" })));
    });
    const missing = () => {
      script.remove();
      reject(new Error("engine.js could not be loaded"));
    };
    script.addEventListener("load", missing); // without effect when it came whole
    script.addEventListener("error", missing);
    script.src = engine.href;
    document.head.append(script);
  });
}

/** Starts each figure when it comes near. To ask where one is would have the page laid out at once. */
const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      figures.get(/** @type {HTMLElement} */ (target).dataset.id ?? "")?.model.start();
      near.unobserve(target);
    }
  },
  { rootMargin: `${NEAR} 0px` },
);

/** @param {HTMLElement} figure @returns {PageModel} */
function mount(figure) {
  const name = figure.dataset.figure ?? "";
  const twins = [...figures.values()].filter((other) => other.figure.dataset.figure === name);
  const nth = twins.length + 1;
  const ident = nth > 1 ? `${name}-${nth}` : name;
  figure.dataset.id = ident;
  const model = new PageModel(python, name, JSON.parse(figure.dataset.initial ?? "{}"));
  front.render({ model, el: figure });
  figures.set(ident, { figure, model });
  keepAddress(ident, model);
  offerLink(ident, figure, model);
  near.observe(figure);
  return model;
}

/**
 * Mount the first figure as soon as the page has all of it, though not yet all of the page: so it
 * can be live when it is first seen. Not if the address names another that the reader wants.
 */
function mountFirst() {
  if (document.readyState !== "loading" || location.hash.includes("?")) return;
  const figure = document.querySelector(".live-figure:not([data-figure=exercise])");
  let last = /** @type {Node} */ (document.documentElement);
  while (last.lastChild) last = last.lastChild;
  if (!(figure instanceof HTMLElement) || figure.contains(last)) {
    requestAnimationFrame(mountFirst);
    return;
  }
  const model = mount(figure);
  if (atOnce) model.start(); // wherever the figure is: Python has begun
}

function mountAll() {
  for (const figure of document.querySelectorAll(".live-figure")) {
    if (figure instanceof HTMLElement && !figure.dataset.id) mount(figure);
  }
  linkControls();
  keepProgress([...figures.values()].filter(({ figure }) => figure.dataset.figure === "exercise"));
  restore();
  addEventListener("hashchange", restore);
}

// --- The address -----------------------------------------------------------------------------

/** Bring the figure that the address names to the state it gives. */
function restore() {
  const [ident, query] = location.hash.slice(1).split(/\?(.*)/s);
  const named = figures.get(ident);
  if (!named || query === undefined) return;
  named.model.restore(Object.fromEntries(new URLSearchParams(query)));
  const { top, bottom } = named.figure.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) named.figure.scrollIntoView();
}

/** @param {string} ident @param {HTMLElement} figure @param {PageModel} model */
function offerLink(ident, figure, model) {
  const button = figure.querySelector("button[name=copy-link]");
  if (!(button instanceof HTMLButtonElement)) return;
  const note = document.createElement("span");
  note.className = "lf-note";
  note.role = "status";
  button.before(note);
  button.hidden = false;
  button.addEventListener("click", async () => {
    const hash = address(ident, model);
    const link = location.href.split("#")[0] + hash;
    setAddress(hash);
    try {
      await navigator.clipboard.writeText(link);
      note.textContent = "Link copied";
      setTimeout(() => (note.textContent = ""), 3000);
    } catch {
      // No clipboard here: the link stands in the address bar, and to be copied by hand.
      const field = document.createElement("input");
      Object.assign(field, { value: link, readOnly: true, ariaLabel: "Link to what is shown" });
      note.replaceChildren(field);
      field.select();
    }
  });
}

/** Bind the controls elsewhere in the page that are linked to a key of a figure. */
function linkControls() {
  for (const control of document.querySelectorAll("input[data-link]")) {
    if (!(control instanceof HTMLInputElement)) continue;
    const [id, key] = (control.dataset.link ?? "").split(":");
    const linked = [...figures.values()].find(({ figure }) => figure.dataset.model === id);
    if (!linked) continue;
    const { model } = linked;
    const show = () => (control.value = String(model.get(key)));
    control.addEventListener("input", () => {
      model.set(key, control.valueAsNumber);
      model.save_changes();
    });
    model.on(`change:${key}`, show);
    control.disabled = false;
    show();
  }
}

keepWhenLeaving();
if (atOnce) python.begin();
if (document.readyState === "loading") {
  requestAnimationFrame(mountFirst);
  document.addEventListener("readystatechange", mountAll, { once: true });
} else {
  mountAll();
}
