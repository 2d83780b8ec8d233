/** What can be done with a figure as a whole: fill the screen with it, save its drawing. */

import { svgOf } from "./svg.js";

const LARGEST = 3; // times its size in the page
const SMALLER = 0.125; // how much less is tried next

/**
 * Offer what the browser can do by showing the buttons of it in the figure's foot.
 * @param {HTMLElement} figure @param {HTMLElement} drawing @param {AbortSignal} signal
 * @returns {() => void} what is to be called when the drawing has changed
 */
export function offerTools(figure, drawing, signal) {
  /** @param {string} name @param {() => void} press */
  const button = (name, press) => {
    const found = /** @type {HTMLElement} */ (figure.querySelector(`button[name=${name}]`));
    found.addEventListener("click", press, { signal });
    return found;
  };
  const download = button("download-svg", () => save(figure, drawing));
  const screen = button("full-screen", () => {
    // What the browser does not do after all leaves things as they are.
    (filling() ? document.exitFullscreen() : figure.requestFullscreen()).catch(() => {});
  });
  const filling = () => figure.matches(":fullscreen");
  screen.hidden = !document.fullscreenEnabled;
  figure.addEventListener(
    "fullscreenchange",
    () => {
      screen.textContent = filling() ? "Leave full screen" : "Full screen";
      fit(figure, drawing);
    },
    { signal },
  );
  addEventListener("resize", () => filling() && fit(figure, drawing), { signal });
  return () => (download.hidden = !drawing.querySelector("svg"));
}

/** Show the figure as large as the screen has room for. @param {HTMLElement} figure @param {HTMLElement} drawing */
function fit(figure, drawing) {
  for (let zoom = LARGEST; zoom >= 1; zoom -= SMALLER) {
    figure.style.setProperty("--lf-zoom", String(zoom));
    if (![figure, drawing].some(overflows)) return;
  }
  drawing.tabIndex = 0; // keys scroll what has the focus
}

/** @param {HTMLElement} box */
function overflows({ scrollWidth, scrollHeight, clientWidth, clientHeight }) {
  return scrollWidth > clientWidth || scrollHeight > clientHeight;
}

/** @param {HTMLElement} figure @param {HTMLElement} drawing */
function save(figure, drawing) {
  const text = svgOf(drawing, figure.ariaLabel ?? "");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  link.download = `${figure.dataset.figure}.svg`;
  figure.append(link); // where a notebook's host can hear of the click
  link.click();
  link.remove();
  setTimeout(URL.revokeObjectURL, 60_000, link.href); // by then it is saved
}
