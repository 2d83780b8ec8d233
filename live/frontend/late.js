/**
 * Does what can wait, once the page is there and has nothing else to do: has its sections laid out
 * that are not yet in sight (see book.css), and loads the theme's scripts, which mark the reader's
 * place in the contents or copy code. Together they would keep a figure from its first answer. Who
 * presses a button of the theme before they are there has them loaded at once, and the button is
 * pressed again when they are. When all is done, <html> has data-late="done".
 */

import { whenIdle } from "./idle.js";

/** Pieces of work, none so long that it would hold up the reader. */
function* pieces() {
  for (const section of document.querySelectorAll(".bd-article > section > section")) {
    /** @type {HTMLElement} */ (section).style.contentVisibility = "visible";
    yield;
  }
  /** @type {HTMLScriptElement | undefined} */
  let script;
  for (const late of document.querySelectorAll("script[data-src]")) {
    script = document.createElement("script");
    script.src = /** @type {HTMLElement} */ (late).dataset.src ?? "";
    script.async = false; // one after the other, each as a task of its own
    late.replaceWith(script);
  }
  script?.addEventListener("load", done);
  script?.addEventListener("error", done); // no press waits for what does not come
}

const work = pieces();

function goOn() {
  if (!work.next().done) whenIdle(goOn);
}

addEventListener("load", () => whenIdle(goOn));

/** The button that was pressed too early. @type {HTMLElement | null} */
let early = null;

/** @param {Event} event @param {HTMLElement | null} button */
function keep(event, button) {
  if (!button) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  early = button;
  while (!work.next().done);
}

/** @param {MouseEvent} event */
function press(event) {
  keep(event, /** @type {HTMLElement} */ (event.target).closest("button.btn"));
}

/** @param {KeyboardEvent} event */
function search(event) {
  if (event.key !== "k" || !(event.ctrlKey || event.metaKey)) return;
  keep(event, document.querySelector("button.search-button__button"));
}

addEventListener("click", press, true);
addEventListener("keydown", search, true);

function done() {
  removeEventListener("click", press, true);
  removeEventListener("keydown", search, true);
  document.documentElement.dataset.late = "done";
  early?.click();
}
