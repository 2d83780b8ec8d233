/** The address of what the reader sees: it follows the moves, a little later. */

/** @import {PageModel} from "./model.js" */

const PAUSE = 400; // milliseconds without a move until the address follows
const KEY = "backprop-book.address";

let timer = 0;
/** What the address is still to follow to. @type {(() => string) | null} */
let next = null;

/** The state of a figure as the end of an address. @param {string} ident @param {PageModel} model */
export function address(ident, { state }) {
  const query = new URLSearchParams(
    Object.entries(state).map(([key, value]) => [key, String(value)]),
  );
  return `#${ident}?${String(query).replace(/%(2C|2F|3A|3D|5E)/g, decodeURIComponent)}`;
}

/** @param {string} hash */
export function setAddress(hash) {
  try {
    history.replaceState(history.state, "", hash);
  } catch {
    // Some browsers forbid it to a page opened from a file, or to one that does it too often.
  }
}

/** Let the address follow the reader's moves. @param {string} ident @param {PageModel} model */
export function keepAddress(ident, model) {
  const follow = () => {
    next = () => address(ident, model);
    clearTimeout(timer);
    timer = setTimeout(() => (model.busy ? follow() : arrive()), PAUSE);
  };
  model.on("touched", follow);
}

/** @returns {string | undefined} where the address had still to go, and has gone now */
function arrive() {
  const hash = next?.();
  if (hash) setAddress(hash);
  next = null;
  return hash;
}

/**
 * Lose no move when the reader leaves. Who comes back does so to the latest address; but a reload
 * has made up its mind where to go by the time that we hear of it, so the page has to be told.
 */
export function keepWhenLeaving() {
  const reloaded = performance.getEntriesByType("navigation").some(
    (entry) => /** @type {PerformanceNavigationTiming} */ (entry).type === "reload",
  );
  const [path, hash] = storage((session) => session.getItem(KEY))?.split(/(?=#)/) ?? [];
  if (reloaded && path === location.pathname) setAddress(hash);
  for (const event of ["pagehide", "pageshow", "visibilitychange"]) {
    addEventListener(event, () => {
      if (event !== "pagehide" && !document.hidden) return storage((session) => session.removeItem(KEY));
      const late = arrive();
      if (late) storage((session) => session.setItem(KEY, location.pathname + late));
    });
  }
}

/** @template Value @param {(session: Storage) => Value} use @returns {Value | undefined} */
function storage(use) {
  try {
    return use(sessionStorage);
  } catch {
    // Where storage is forbidden, the address has to do.
  }
}
