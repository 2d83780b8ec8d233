/**
 * The arrow keys go from page to page, and the reader's place is kept: the book's first page offers
 * to go on there.
 */

import { root } from "./root.js";

const KEY = "backprop-book.place";
const PLACE = /^(chapters|reference)\/[\w-]+\.html(#[\w-]+)?$/;

const here = location.pathname.slice(root.pathname.length) || "index.html";

// --- The arrow keys ----------------------------------------------------------------------------

/** Where each key leads. @type {Record<string, HTMLAnchorElement | null>} */
const ways = {
  ArrowLeft: document.querySelector("a.left-prev"),
  ArrowRight: document.querySelector("a.right-next"),
};
for (const [key, link] of Object.entries(ways)) link?.setAttribute("aria-keyshortcuts", key);

addEventListener("keydown", (event) => {
  // Whatever has the focus may use the keys itself: a slider, a drawing, code that is scrolled.
  if (event.target !== document.body || event.defaultPrevented) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) return; // here they scroll the page
  ways[event.key]?.click();
});

// --- The place -----------------------------------------------------------------------------------

/** Remember the section that is read: the last that has come into the upper third of the window. */
function keep() {
  if (!PLACE.test(here)) return;
  const headings = [...document.querySelectorAll(".bd-article section > :is(h1, h2, h3)")];
  const reached = headings.filter(
    (heading) => heading.getBoundingClientRect().top < innerHeight / 3,
  );
  const heading = reached.at(-1) ?? headings[0];
  const anchor = reached.length > 1 ? `#${heading?.parentElement?.id}` : "";
  const title = heading?.textContent?.replace(/\s*#?\s*$/, "") ?? "";
  try {
    localStorage.setItem(KEY, JSON.stringify({ place: here + anchor, title }));
  } catch {
    // Full: the place before it stays.
  }
}

/** Offer to go on where the reader has been, in the bar at the top, where nothing has to move. */
function offer() {
  const bar = document.querySelector(".header-article-items__start");
  if (here !== "index.html" || !bar) return;
  try {
    const { place, title } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (!PLACE.test(place) || typeof title !== "string") return;
    const link = bar.querySelector("a.go-on") ?? document.createElement("a");
    link.className = "go-on";
    link.setAttribute("href", new URL(place, root).href);
    link.textContent = `Go on with ${title.slice(0, 100)}`;
    bar.append(link);
  } catch {
    // Not ours: there is nowhere to go on.
  }
}

addEventListener("pagehide", keep);
document.addEventListener("visibilitychange", () => document.hidden && keep());
addEventListener("pageshow", offer); // also when the reader comes back to it
