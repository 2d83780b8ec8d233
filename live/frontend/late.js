/**
 * Does what can wait, once the page is there and has nothing else to do: has its sections laid out
 * that are not yet in sight (see book.css), and loads the theme's scripts, which mark the reader's
 * place in the contents or copy code. Together they would keep a figure from its first answer. When
 * all is done, <html> has data-late="done".
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
  script?.addEventListener("load", () => (document.documentElement.dataset.late = "done"));
}

const work = pieces();

function goOn() {
  if (!work.next().done) whenIdle(goOn);
}

addEventListener("load", () => whenIdle(goOn));
