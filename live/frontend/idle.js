const LATEST = 500; // milliseconds for a piece of work to wait, however much there is to do

/** Do a piece of work as soon as the page has nothing else to do. @param {() => void} work */
export function whenIdle(work) {
  if ("requestIdleCallback" in window) requestIdleCallback(() => work(), { timeout: LATEST });
  else setTimeout(work); // Safari
}
