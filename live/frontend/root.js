/** Where the built book's first page is, for a script that stands in its `_static`. */

const { src } = /** @type {HTMLScriptElement} */ (document.currentScript);
export const root = new URL("..", src);
