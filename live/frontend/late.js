/**
 * Loads the theme's scripts once the page is there and has nothing else to do. What they do, to mark
 * the reader's place in the contents or to copy code, can wait; together they would keep a figure
 * from its first answer.
 */

const LATEST = 2000; // milliseconds after the page is there

function load() {
  for (const late of document.querySelectorAll("script[data-src]")) {
    const script = document.createElement("script");
    script.src = /** @type {HTMLElement} */ (late).dataset.src ?? "";
    script.async = false; // one after the other, each as a task of its own
    late.replaceWith(script);
  }
}

addEventListener("load", () => {
  if ("requestIdleCallback" in window) requestIdleCallback(load, { timeout: LATEST });
  else setTimeout(load); // Safari
});
