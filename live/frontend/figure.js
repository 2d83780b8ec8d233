/**
 * The front end of a live figure, in the form anywidget expects of a widget: the notebook hands
 * it the widget's model, the built page a model of its own (`PageModel`). It turns what the
 * reader does into states and presses, and patches each answer into the drawing. What the
 * figure is about it does not know; all of that is Python.
 */

import { Drawing } from "./patch.js";
import { offerTools } from "./tools.js";

/** @import {Model} from "./model.js" */
/** @import {Value, Answer} from "./ahead.js" */

/** What the foot says, in a page and in a notebook. */
const PAGE = { loading: "Starting Python …", live: "Live: Python runs in this page" };
const NOTEBOOK = { loading: "Waiting for the kernel …", live: "Live: computed by the kernel" };
const LATE = 2000; // milliseconds without an answer of the kernel until it is said

/** What a key does in the drawing: which button it presses. @type {Record<string, string>} */
const KEYS = { ArrowLeft: "back", ArrowRight: "step", " ": "play" };

/**
 * @param {{model: Model, el: HTMLElement}} home  `el` is the figure of a page, or empty
 * @returns {() => void} what takes the figure out of service
 */
function render({ model, el }) {
  const figure = el.matches(".live-figure") ? el : build(model, el);
  const initial = JSON.parse(figure.dataset.initial ?? "{}");
  const form = find(figure, "form", HTMLFormElement);
  const drawing = find(figure, ".lf-drawing", HTMLElement);
  const status = find(figure, ".lf-status", HTMLElement);
  const retry = find(figure, "button[name=retry]", HTMLButtonElement);
  const playButton = form.querySelector("button[name=play]");
  const gone = new AbortController();

  /** The controls of each key. @type {Map<string, Element[]>} */
  const controls = new Map();
  for (const control of form.querySelectorAll("[name]")) {
    const key = control.getAttribute("name") ?? "";
    controls.set(key, [...(controls.get(key) ?? []), control]);
  }

  // --- What the reader does ------------------------------------------------------------------

  /** The number field that is being typed into: nobody else writes there meanwhile.
   * @type {HTMLInputElement | null} */
  let typing = null;

  /**
   * @param {string} name  a key, or one number of a text: "at:x" is the x of "w=1,x=2"
   * @param {Value} value
   * @returns {[string, Value]} the key and what it becomes
   */
  const change = (name, value) => {
    const [key, part] = name.split(":");
    return [key, part ? put(String(model.get(key)), part, value) : value];
  };

  /** @param {string} name @param {Value} given */
  const move = (name, given) => {
    const [key, value] = change(name, given);
    if (model.get(key) === value) return;
    model.set(key, value);
    model.save_changes();
    asked();
  };

  /** @param {string | null} what  null: draw once more */
  const press = (what) => {
    model.send({ press: what });
    asked();
  };

  /** @param {string} name */
  const pressButton = (name) => {
    play(name === "play" && !playing);
    if (name !== "play") press(name);
  };

  listen(form, "submit", (event) => event.preventDefault());

  listen(figure, "input", ({ target }) => {
    typing = null;
    if (target instanceof HTMLSelectElement) move(target.name, read(target.value, target.name));
    if (!(target instanceof HTMLInputElement) || !(target.name.split(":")[0] in initial)) return;
    if (target.type === "checkbox") return move(target.name, target.checked);
    if (target.type !== "number" && target.type !== "range") return move(target.name, target.value);
    if (target.type === "number") typing = target;
    // What is not yet a number, or not yet in range, waits for more keys or for the commit.
    if (clamp(target) === target.valueAsNumber) move(target.name, numberOf(target));
    if (target.type === "range") foreseeMove(target);
  });

  listen(figure, "change", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.type !== "number") return;
    typing = null;
    const value = clamp(target);
    if (!Number.isNaN(value)) move(target.name, value);
    target.value = Number.isNaN(value) ? target.defaultValue : String(value);
    show(target.name);
  });

  listen(form, "click", ({ target }) => {
    const button = target instanceof Element && target.closest("button");
    if (button) pressButton(button.name);
  });

  listen(retry, "click", () => press(null));

  const drawnAnew = offerTools(figure, drawing, gone.signal);

  listen(drawing, "click", ({ target }) => {
    const copies = target instanceof Element && target.closest("[data-copy]");
    if (copies) copy(copies);
    const pressed = target instanceof Element && target.closest("[data-press]");
    if (pressed) press(pressed.getAttribute("data-press"));
  });

  listen(figure, "keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const { target, key } = event;
    if (!(target instanceof Element)) return;
    // Who goes step by step with a button may go on with the arrows.
    if (target.closest("form") ? key === " " || !target.closest("button") : !drawing.contains(target)) return;
    if (target instanceof HTMLInputElement) {
      const button = drawing.querySelector("button[data-press]");
      if (button && key === "Enter") press(button.getAttribute("data-press"));
      return;
    }
    const pressed = target.closest("[data-press]");
    const name = KEYS[key];
    if (pressed && (key === "Enter" || key === " ")) {
      press(pressed.getAttribute("data-press"));
    } else if (name && form.querySelector(`button[name=${name}]`)) {
      pressButton(name);
    } else {
      return;
    }
    event.preventDefault();
  });

  // --- What the reader may do next -----------------------------------------------------------

  /** The slider that was moved last, to where, and how far in its last three moves.
   * @type {{slider: HTMLInputElement | null, value: number, by: number[]}} */
  let drag = { slider: null, value: 0, by: [] };

  /** @param {HTMLInputElement} slider  that was moved */
  function foreseeMove(slider) {
    const value = slider.valueAsNumber;
    const by = slider === drag.slider ? [...drag.by, value - drag.value].slice(-3) : [0];
    drag = { slider, value, by };
    const usual = by.length < 3 ? by[by.length - 1] : [...by].sort((a, b) => a - b)[1];
    const states = onward(slider, usual).map((next) => Object.fromEntries([change(slider.name, next)]));
    model.foresee?.(states.map((state) => ({ state })));
  }

  /** @param {string} press  that was answered: it may be pressed again, or another button */
  function foreseePress(press) {
    const buttons = Array.from(form.querySelectorAll("button"), ({ name }) => name);
    const presses = playing ? ["tick"] : [press, ...buttons.filter((name) => name !== "play")];
    model.foresee?.(Array.from(new Set(presses), (press) => ({ press })));
  }

  // --- Play ----------------------------------------------------------------------------------

  const beat = Number(figure.dataset.beat);
  let playing = false;
  let began = 0;
  let timer = 0;

  /** @param {boolean} on */
  function play(on) {
    if (on === playing || !playButton) return;
    playing = on;
    clearTimeout(timer);
    playButton.setAttribute("aria-pressed", String(on));
    playButton.textContent = on ? "Pause" : "Play";
    if (on) tick("play");
  }

  /** @param {string} what  "play" begins (and rewinds what stands at its end), "tick" goes on */
  function tick(what) {
    if (!figure.isConnected) return play(false);
    began = performance.now();
    press(what);
  }

  /** @param {Answer} answer @param {boolean} moved */
  function tock(answer, moved) {
    if (answer.error || (answer.press === "tick" && !moved)) return play(false);
    const rest = answer.press === "play" && !moved ? 0 : began + beat - performance.now();
    clearTimeout(timer); // Pause and Play again may have left another tick under way
    timer = window.setTimeout(tick, Math.max(0, rest), "tick");
  }

  // --- What Python answers -------------------------------------------------------------------

  /** Show the model's value of `key` in its controls. @param {string} key */
  function show(key) {
    const value = model.get(key);
    for (const control of controls.get(key) ?? []) {
      if (control === typing) continue;
      if (control instanceof HTMLSelectElement) control.value = String(value);
      if (!(control instanceof HTMLInputElement)) continue;
      if (control.type === "checkbox") control.checked = Boolean(value);
      else setNumber(control, value);
    }
  }

  /** @param {string} text @param {string} key @returns {Value} `text` in the type of the key */
  function read(text, key) {
    return typeof initial[key] === "number" ? Number(text) : text;
  }

  const screen = new Drawing(drawing);
  let drawn = "";
  let shown = "";

  function answered() {
    const answer = /** @type {Answer | undefined} */ (model.get("_answer"));
    if (!answer) return;
    if (answer.html !== undefined && answer.html !== drawn) {
      drawn = answer.html;
      drawing.classList.toggle("lf-pressed", Boolean(answer.press));
      const focused = drawing.contains(document.activeElement);
      screen.show(live(drawn));
      drawnAnew();
      // A field that was filled in rightly may be gone: go on to the next.
      if (focused && !drawing.contains(document.activeElement)) {
        (drawing.querySelector("input") ?? drawing).focus();
      }
    }
    for (const key in answer.state) show(key);
    if (answer.press) foreseePress(answer.press);
    const state = answer.state ? JSON.stringify(answer.state) : shown;
    if (playing && (answer.press === "tick" || answer.press === "play" || answer.error)) {
      tock(answer, state !== shown);
    }
    shown = state;
    clearTimeout(patience);
    late = false;
    say();
  }

  // --- In what condition the figure is -------------------------------------------------------

  const inPage = model.get("_status") !== undefined; // a page's model knows, a kernel is waited for
  let patience = 0;
  let late = false;

  function asked() {
    if (inPage) return;
    clearTimeout(patience);
    patience = window.setTimeout(() => {
      late = true;
      say();
    }, LATE);
  }

  function say() {
    const { error } = /** @type {Answer} */ (model.get("_answer") ?? {});
    const state = model.get("_status") ?? (late ? "loading" : error ? "failed" : "live");
    if (state === "failed") play(false);
    else if (figure.dataset.state === state) return;
    figure.dataset.state = String(state);
    retry.hidden = state !== "failed";
    status.role = state === "failed" ? "alert" : null;
    const words = inPage ? PAGE : NOTEBOOK;
    if (state === "failed") status.textContent = error ?? "";
    else if (state === "loading" || state === "live") status.textContent = words[state];
  }

  const events = {
    "change:_answer": answered,
    "change:_status": say,
    ...Object.fromEntries(Object.keys(initial).map((key) => [`change:${key}`, () => show(key)])),
  };
  for (const [event, heard] of Object.entries(events)) model.on(event, heard);

  for (const pressed of drawing.querySelectorAll("[data-press]")) {
    pressed.setAttribute("tabindex", "0");
    pressed.setAttribute("role", "button");
  }
  drawing.tabIndex = form.querySelector("button[name=step]") ? 0 : -1;
  form.querySelector("fieldset")?.removeAttribute("disabled");
  drawnAnew();
  answered();
  say();

  return () => {
    play(false);
    clearTimeout(patience);
    gone.abort();
    for (const [event, heard] of Object.entries(events)) model.off(event, heard);
  };

  /**
   * @template {keyof HTMLElementEventMap} Type
   * @param {HTMLElement} element
   * @param {Type} type
   * @param {(event: HTMLElementEventMap[Type]) => void} heard
   */
  function listen(element, type, heard) {
    element.addEventListener(type, heard, { signal: gone.signal });
  }
}

/**
 * Build the figure in the empty `el` of a notebook.
 * @param {Model} model @param {HTMLElement} el
 */
function build(model, el) {
  el.innerHTML = String(model.get("_html"));
  const figure = find(el, ".live-figure", HTMLElement);
  figure.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take arrows, Enter and Space
  return figure;
}

/**
 * Put a number into a text of such: "w=1,x=2".
 * @param {string} text @param {string} name @param {Value} value
 */
function put(text, name, value) {
  const others = text.split(",").filter((pair) => pair && !pair.startsWith(`${name}=`));
  return [...others, `${name}=${value}`].join(",");
}

/** Select the text beside a button, and copy it where that is allowed. @param {Element} button */
async function copy(button) {
  const text = button.parentElement?.querySelector("pre");
  if (!text) return;
  getSelection()?.selectAllChildren(text);
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = "Copied";
  } catch {
    // No clipboard here: what is selected can be copied by hand.
  }
}

/** Make what can be pressed in a drawing reachable by keyboard. @param {string} html */
function live(html) {
  return html.replaceAll(" data-press=", ' tabindex="0" role="button" data-press=');
}

/** The key's number that a field or slider stands for. @param {HTMLInputElement} field */
function numberOf({ dataset, valueAsNumber }) {
  return dataset.scale === "log" ? Number((10 ** valueAsNumber).toPrecision(3)) : valueAsNumber;
}

/**
 * Where a slider that moves `by` at a time may go next: as far again, a step more or less, a step.
 * @param {HTMLInputElement} slider @param {number} by
 */
function onward(slider, by) {
  const probe = /** @type {HTMLInputElement} */ (slider.cloneNode());
  const step = Number(slider.step);
  const jumped = Math.abs(by) > (Number(slider.max) - Number(slider.min)) / 10; // set down, not dragged
  const [likely, other] = [[by, by + step, by - step], [step, -step]];
  const values = (jumped ? [...other, ...likely] : [...likely, ...other]).map((by) => {
    probe.valueAsNumber = slider.valueAsNumber + by; // the browser brings it to a step of the slider
    return numberOf(probe);
  });
  return Array.from(new Set(values)).filter((value) => value !== numberOf(slider));
}

/** @param {HTMLInputElement} field @param {unknown} value */
function setNumber(field, value) {
  if (field.dataset.scale !== "log") {
    const text = textOf(value);
    if (field.value !== text) field.value = text;
  } else if (numberOf(field) !== value) {
    field.value = String(Math.log10(Number(value)));
  }
  if (field.dataset.scale === "log") field.ariaValueText = String(value);
}

/** A value as a field shows it: 1e12 fits where 1000000000000 does not. @param {unknown} value */
function textOf(value) {
  return typeof value === "number" && Math.abs(value) >= 1e6
    ? value.toExponential().replace("+", "")
    : String(value);
}

/** @param {HTMLInputElement} field @returns {number} its number, brought into its range */
function clamp({ valueAsNumber, min, max }) {
  return Math.min(Math.max(valueAsNumber, Number(min)), Number(max));
}

/**
 * @template {HTMLElement} Kind
 * @param {HTMLElement} root
 * @param {string} selector
 * @param {{new (): Kind}} kind
 */
function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`a live figure without ${selector}`);
  return found;
}

export default { render };
