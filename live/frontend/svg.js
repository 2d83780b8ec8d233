/**
 * A drawing as one SVG that needs nothing else: each of its pictures where it stands, in the colors
 * that the reader sees, with no class, no script and no font of ours. Text and tables around the
 * pictures are left out, since programs that draw SVG do not draw HTML.
 */

const NS = "http://www.w3.org/2000/svg";
const MARGIN = 16;

/** What is written of an element's style: what is inherited, and what is not with its default. */
const INHERITED = [
  "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray",
  "stroke-linecap", "stroke-linejoin", "font-size", "font-weight", "text-anchor",
]; // prettier-ignore
const OWN = { opacity: "1", transform: "none" };

/** What means something only in the page. */
const OF_THE_PAGE = /^(class|style|tabindex|data-|aria-(desc|hidden|pressed))/;

/** @param {HTMLElement} drawing @param {string} title @returns {string} */
export function svgOf(drawing, title) {
  const pictures = [...drawing.querySelectorAll("svg")].filter((one) => !one.parentElement?.closest("svg"));
  const boxes = pictures.map((one) => one.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left)) - MARGIN;
  const top = Math.min(...boxes.map((box) => box.top)) - MARGIN;
  const width = Math.ceil(Math.max(...boxes.map((box) => box.right)) - left + MARGIN);
  const height = Math.ceil(Math.max(...boxes.map((box) => box.bottom)) - top + MARGIN);
  const size = { width, height };
  const words = drawing.querySelector(".lf-words")?.textContent ?? "";
  const ground = getComputedStyle(/** @type {Element} */ (drawing.parentElement)).backgroundColor;
  const whole = make("svg", { ...size, viewBox: `0 0 ${width} ${height}`, "font-family": "sans-serif" });
  whole.append(make("title", {}, title), make("desc", {}, words), make("rect", { ...size, fill: ground }));
  pictures.forEach((picture, i) => {
    const { x, y, width, height } = boxes[i];
    const copy = dressed(picture);
    for (const [name, value] of Object.entries({ x: x - left, y: y - top, width, height })) {
      copy.setAttribute(name, String(value));
    }
    whole.append(copy);
  });
  return new XMLSerializer().serializeToString(whole);
}

/** @param {string} tag @param {Record<string, string | number>} attributes @param {string} text */
function make(tag, attributes, text = "") {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.textContent = text;
  return element;
}

/**
 * A copy of an element and all in it, whose looks are attributes of its own.
 * @param {Element} element @param {CSSStyleDeclaration} [around]  the style it inherits from
 * @returns {Element}
 */
function dressed(element, around) {
  const copy = /** @type {Element} */ (element.cloneNode());
  const style = getComputedStyle(element);
  for (const { name } of [...copy.attributes]) if (OF_THE_PAGE.test(name)) copy.removeAttribute(name);
  if (copy.role === "button") copy.role = null;
  for (const name of INHERITED) {
    const value = style.getPropertyValue(name);
    if (value !== around?.getPropertyValue(name)) copy.setAttribute(name, plain(value));
  }
  for (const [name, usual] of Object.entries(OWN)) {
    const value = style.getPropertyValue(name);
    if (value !== usual) copy.setAttribute(name, value);
  }
  for (const child of element.childNodes) {
    if (!(child instanceof Element)) copy.append(child.cloneNode());
    else if (getComputedStyle(child).opacity !== "0") copy.append(dressed(child, style));
  }
  return element.localName === "text" && style.paintOrder !== "normal" ? onItsHalo(copy) : copy;
}

/** A value as the oldest programs know it. @param {string} value */
function plain(value) {
  return { "rgba(0, 0, 0, 0)": "none", 650: "700" }[value] ?? value;
}

/** A text whose outline lies behind it; not every program knows `paint-order`. @param {Element} text */
function onItsHalo(text) {
  const both = make("g", {});
  both.append(text.cloneNode(true), text);
  text.setAttribute("stroke", "none");
  /** @type {Element} */ (both.firstChild).ariaHidden = "true";
  return both;
}
