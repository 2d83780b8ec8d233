/**
 * The book's service worker: what was opened once, or the whole book where its reader wants that,
 * is kept in this browser and can be read with the network off.
 *
 * Pages come from the network first, since the book may change; what has another address when it
 * changes, from what is kept. The build says which files there are. Each is kept under its path
 * and hash, so another build, which is another worker, finds what has not changed and fetches
 * what has.
 */

/** @import {Asked, State} from "./messages.d.ts" */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const HOME = worker.registration.scope; // the address of the book, with a slash at its end
const STORE = `backprop-book ${HOME}`; // other apps of this origin have theirs
const WHOLE = `${HOME}?whole`; // is kept where the reader wants the whole book
const PATIENCE = 3000; // milliseconds for the network to answer, where there is a kept copy
const LONGEST = 60_000; // milliseconds for a file to be fetched that nobody waits for
const LANES = 6; // files fetched at a time

const { files } = BOOK;
const paths = Object.keys(files);
const bytes = Object.values(files).reduce((sum, [, size]) => sum + size, 0);

/** @param {string} path  of a file of the book @returns {string} the address it is kept under */
const place = (path) => `${HOME}${path}?${files[path][0]}`;

/** @param {string} address @returns {string | undefined} the path of the file of the book there */
function pathOf(address) {
  const { origin, pathname } = new URL(address);
  if (!(origin + pathname).startsWith(HOME)) return undefined;
  const path = (origin + pathname).slice(HOME.length);
  return [path, `${path}index.html`, `${path}.html`].find((one) => Object.hasOwn(files, one));
}

/** Whether another content would have another address. @param {string} path @param {string} query */
const isNamed = (path, query) =>
  path.startsWith("_images/") || (query !== "" && query === files[path][2]);

// --- Answering a page ----------------------------------------------------------------------------

worker.addEventListener("install", () => void worker.skipWaiting());

// Without navigation preload: where the network is off, Firefox takes its failure for the answer.
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET" || !url.startsWith(HOME)) return;
  const path = pathOf(url);
  if (path !== undefined) event.respondWith(answer(event, path));
  else if (mode === "navigate") event.respondWith(fetch(event.request).catch(missing));
});

/** @param {FetchEvent} event @param {string} path @returns {Promise<Response>} */
async function answer(event, path) {
  const { request } = event;
  const { search } = new URL(request.url);
  const named = isNamed(path, search);
  const copy = named ? await kept(path, true) : undefined;
  if (copy) return copy;
  const asked = fetch(request);
  if (named || files[path][2] === "") {
    event.waitUntil(asked.then((response) => keep(path, response.clone())).catch(() => {}));
  }
  const soon = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const first = await Promise.race([asked, soon]).catch(() => {});
  return (
    first ??
    (await kept(path)) ??
    asked.catch((failure) => (request.mode === "navigate" ? missing() : Promise.reject(failure)))
  );
}

/**
 * Return what is kept of a file: of this build, or of the last one if need be.
 * @param {string} path @param {boolean} [strict]
 */
async function kept(path, strict = false) {
  try {
    const store = await caches.open(STORE);
    const copy = await store.match(place(path));
    return copy ?? (strict ? undefined : await store.match(HOME + path, { ignoreSearch: true }));
  } catch {
    return undefined; // storage may be forbidden
  }
}

/** The book's page in place of one that is not kept, its links right for any address. */
async function missing() {
  const page = await kept(BOOK.missing);
  if (!page) return Response.error();
  const relative = new RegExp(BOOK.relative, "g");
  const text = (await page.text()).replace(relative, (_, before) => before + HOME);
  return new Response(text, { headers: page.headers });
}

// --- Keeping -------------------------------------------------------------------------------------

/** Keep an answer of the network. @param {string} path @param {Response} response */
async function keep(path, response) {
  if (response.status !== 200 || response.type !== "basic") throw new Error("not the file");
  // To an address that leads elsewhere, a browser takes no answer that came from there.
  const plain = response.redirected ? new Response(response.body, response) : response;
  await (await caches.open(STORE)).put(place(path), plain);
}

let last = Promise.resolve();
let stopped = false;

worker.addEventListener("message", (event) => {
  const { wish } = /** @type {Asked} */ (event.data);
  const { source } = event;
  const page = source instanceof WindowClient ? pathOf(source.url) : undefined;
  stopped ||= wish === "drop";
  last = last.then(() => hear(page, wish)).catch(() => tell(new Set(), wish === "keep"));
  event.waitUntil(last); // one after the other
});

/**
 * Keep a page that was loaded, or the whole book if that is wished; also, of this build, the pages
 * that were kept of the last. Drop all else, and tell all pages.
 * @param {string | undefined} page @param {Asked["wish"]} wish
 */
async function hear(page, wish) {
  await worker.clients.claim(); // a page that was loaded past its worker, too
  if (wish === "drop") stopped = false;
  const store = await caches.open(STORE);
  const here = new Set((await store.keys()).map(({ url }) => url));
  const whole = wish ? wish === "keep" : here.has(WHOLE);
  if (whole) await store.put(WHOLE, new Response()).catch(() => {});
  const shown = withLoads(page === undefined ? [] : [page]);
  const opened = [...here].map(filed).filter((path) => path.endsWith(".html"));
  const others = whole ? paths : withLoads([BOOK.missing, ...(wish === "drop" ? [] : opened)]);
  const wanted = new Set([...shown, ...others]);
  const absent = new Set([...wanted].filter((path) => !here.has(place(path))));
  let full = false;

  /** @param {string} path */
  const fetchOne = async (path) => {
    const query = files[path][2];
    // What the page has just loaded need not be loaded again.
    const cache = shown.includes(path) || isNamed(path, query) ? "force-cache" : "no-cache";
    const signal = AbortSignal.timeout(LONGEST);
    try {
      await keep(path, await fetch(HOME + path + query, { cache, signal }));
      absent.delete(path);
      here.add(place(path));
      if (whole) await tell(here, whole, true);
    } catch (failure) {
      full ||= failure instanceof DOMException && failure.name === "QuotaExceededError";
    }
  };

  if (whole && absent.size) await tell(here, whole, true);
  const queue = [...absent].values();
  const lane = async () => {
    for (const path of queue) if (!full && !stopped) await fetchOne(path);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  for (const url of here) {
    const path = filed(url);
    // Of an older build, only what could not be replaced
    const stays = wanted.has(path) && (url === place(path) || absent.has(path));
    if (url === WHOLE ? whole : stays) continue;
    here.delete(url);
    await store.delete(url);
  }
  await tell(here, whole, false, full);
}

/** @param {string} url  under which a file is kept @returns {string} its path */
const filed = (url) => url.slice(HOME.length).split("?")[0];

/** Return files of the book and all that they load. @param {string[]} some */
function withLoads(some) {
  const all = new Set(some.filter((path) => Object.hasOwn(files, path)));
  for (const path of all) for (const load of files[path][3]) all.add(paths[load]);
  return [...all];
}

/**
 * Tell all pages of the book what is kept.
 * @param {Set<string>} here  the addresses that files are kept under
 * @param {boolean} whole @param {boolean} [busy] @param {boolean} [full]
 */
async function tell(here, whole, busy = false, full = false) {
  if (stopped) return; // what is true now will not be in a moment
  const there = paths.filter((path) => here.has(place(path)));
  const pages = there.filter((path) => path.endsWith(".html"));
  /** @type {State} */
  const state = { whole, busy, kept: there.length, of: paths.length, bytes, full, pages };
  for (const client of await worker.clients.matchAll()) client.postMessage(state);
}
