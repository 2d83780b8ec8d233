/**
 * Has the book kept in this browser, so that it can be read with the network off: starts the
 * service worker once the page is idle, tells it that the page has loaded, and lets the reader
 * keep the whole book. Where there can be no service worker, nothing happens.
 */

import { whenIdle } from "./idle.js";
import { root } from "./root.js";

/** @import {Asked, State} from "./service/messages.d.ts" */

/** @returns {ServiceWorkerContainer | undefined} */
function container() {
  try {
    return location.protocol.startsWith("http") ? navigator.serviceWorker : undefined;
  } catch {
    return undefined; // forbidden in a frame without an origin
  }
}

/** @param {ServiceWorkerContainer} workers */
function start(workers) {
  const box = /** @type {HTMLElement} */ (document.querySelector(".keep-offline"));
  const wish = box.querySelector("input");
  const again = box.querySelector("button");
  const status = box.querySelector("[role=status]");
  if (!wish || !again || !status) return;

  /** @type {Promise<ServiceWorkerRegistration> | undefined} */
  let ready;

  /** Tell the worker that this page has loaded, and what the reader wants.
   * @param {Asked["wish"]} [wanted] */
  const ask = async (wanted) => {
    try {
      ready ??= workers.register(new URL("service-worker.js", root)).then(() => workers.ready);
      const { active } = await ready;
      active?.postMessage({ wish: wanted });
    } catch {
      box.hidden = true; // there is no worker after all: the reader's browser forbids it
    }
  };

  /** @param {State} state */
  const show = ({ whole, busy, kept, of, bytes, full, pages }) => {
    const size = `${(bytes / 1e6).toFixed(1)} MB`;
    const missing = of - kept;
    wish.checked = whole;
    again.hidden = !whole || busy || missing === 0;
    status.ariaBusy = String(busy); // what is said is the end of it, not each step
    status.textContent = !whole
      ? `It takes ${size}.`
      : busy
        ? `Keeping ${kept} of ${of} …`
        : missing === 0
          ? `Kept: the book can be read offline (${size}).`
          : full
            ? `There is no room for all of it: ${kept} of ${of} files are kept.`
            : `${missing} of ${of} files could not be fetched.`;
    list(pages);
  };

  box.hidden = false;
  wish.addEventListener("change", () => {
    if (wish.checked) navigator.storage?.persist?.(); // asks the browser not to forget it
    ask(wish.checked ? "keep" : "drop");
  });
  again.addEventListener("click", () => {
    wish.focus();
    ask("keep");
  });
  workers.addEventListener("message", ({ data }) => show(data));
  workers.addEventListener("controllerchange", () => ask()); // a worker has taken over
  // After a first paint
  addEventListener("load", () => requestAnimationFrame(() => whenIdle(ask)));
}

/** On the page that stands for one that is not kept: say what there is to read.
 * @param {string[]} pages */
function list(pages) {
  const place = document.querySelector(".kept-pages");
  if (!(place instanceof HTMLElement)) return;
  const kept = new Set(pages.map((path) => new URL(path, root).href));
  const contents = document.querySelectorAll("a.navbar-brand, nav.bd-links a");
  const items = [...contents].flatMap((link) => {
    const { href, textContent } = /** @type {HTMLAnchorElement} */ (link);
    if (!kept.has(href)) return [];
    const item = document.createElement("li");
    item.append(Object.assign(document.createElement("a"), { href, textContent }));
    return [item];
  });
  place.hidden = items.length === 0;
  place.querySelector("ul")?.replaceChildren(...items);
}

const workers = container();
if (workers) {
  start(workers);
  if (document.querySelector(".kept-pages")) {
    // On the page that stands for one that is not kept; a network says that it is back too early.
    addEventListener("online", () => setTimeout(() => location.reload(), 1000));
  }
}
