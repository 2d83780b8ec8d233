/**
 * From one drawing to the next by what differs. While a slider is dragged mostly numbers and places
 * do: the tags stay the same ones in the same order. Then those texts and attributes are set
 * where they stand, and nothing is parsed. Else morphdom compares all of both drawings.
 */

import morphdom from "morphdom";

const PIECES = /<[^>]*>|[^<]+/g; // tags and texts: inside of both, < and > are written as entities
const ATTRIBUTE = /([\w-]+)="([^"]*)"/g;
/** @type {Record<string, string>} */
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" };
const ENTITY = new RegExp(Object.keys(ENTITIES).join("|"), "g");

/** Keeps `root` in step with the HTML it is given. */
export class Drawing {
  #root;
  #parsed = document.createElement("template");
  /** @type {string[]} */
  #pieces = [];
  /** Of each piece the node it stands for, once it is asked for. @type {(Node | null)[]} */
  #nodes = [];

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
  }

  /** @param {string} html */
  show(html) {
    const last = this.#pieces;
    this.#pieces = html.match(PIECES) ?? [];
    if (!this.#set(last)) this.#morph(html);
  }

  /** Set what differs from the pieces of `last`, or return false: it is more than that. @param {string[]} last */
  #set(last) {
    const pieces = this.#pieces;
    if (pieces.length !== last.length) return false;
    /** @type {number[]} */
    const changed = [];
    for (let i = 0; i < pieces.length; i++) {
      if (pieces[i] === last[i]) continue;
      if (frame(pieces[i]) !== frame(last[i])) return false;
      changed.push(i);
    }
    if (!this.#nodes.length && !this.#find(last)) return false;
    for (const i of changed) {
      const node = this.#nodes[i];
      if (node instanceof Text) {
        node.data = plain(pieces[i]);
        continue;
      }
      const before = Object.fromEntries(attributes(last[i]));
      for (const [name, value] of attributes(pieces[i])) {
        if (before[name] === value) continue;
        /** @type {Element} */ (node).setAttribute(name, plain(value));
        // A field holds what was typed or dragged: its attribute says only what it held at first.
        const field = name === "value" && node instanceof HTMLInputElement && node;
        if (field && field !== document.activeElement) field.value = plain(value);
      }
    }
    return true;
  }

  /** Find the node of each piece; whether that could be done. @param {string[]} pieces */
  #find(pieces) {
    const walker = document.createTreeWalker(this.#root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    const nodes = pieces.map((piece) => (piece.startsWith("</") ? null : walker.nextNode()));
    const right = !walker.nextNode() && nodes.every((node, i) => !node || stands(node, pieces[i]));
    this.#nodes = right ? nodes : [];
    return right;
  }

  /** @param {string} html */
  #morph(html) {
    this.#nodes = [];
    this.#parsed.innerHTML = html;
    const next = /** @type {Element} */ (this.#root.cloneNode());
    next.append(this.#parsed.content);
    morphdom(this.#root, next, { childrenOnly: true, onBeforeElUpdated: differs });
  }
}

/** What of a piece must stay as it is for the rest to be set. @param {string} piece */
function frame(piece) {
  return piece.startsWith("<") ? piece.replace(ATTRIBUTE, "$1") : "";
}

/** @param {string} tag @returns {[string, string][]} */
function attributes(tag) {
  return Array.from(tag.matchAll(ATTRIBUTE), ([, name, value]) => [name, value]);
}

/** @param {string} text */
function plain(text) {
  return text.replace(ENTITY, (entity) => ENTITIES[entity]);
}

/** Whether a node is the one that a piece of HTML stands for. @param {Node} node @param {string} piece */
function stands(node, piece) {
  if (node instanceof Text) return node.data === plain(piece);
  return new RegExp(`^<${node.nodeName}[\\s/>]`, "i").test(piece);
}

/** @param {HTMLElement} old @param {HTMLElement} next @returns {boolean} whether to patch it */
function differs(old, next) {
  // A field in the drawing that is being typed into keeps what it holds.
  if (old === document.activeElement && old instanceof HTMLInputElement) {
    /** @type {HTMLInputElement} */ (next).value = old.value;
  }
  return !old.isEqualNode(next);
}
