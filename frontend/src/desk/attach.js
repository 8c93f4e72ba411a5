// What helps while one writes. Fields that come later, in rows added by script, get it as well.
// Where the page's addresses and words for it stand: templates/web/desk/_tools.html.
import { $, all } from "../shared/dom.js";

export const tools = $("#tools");

/** Gives every element of a selector, now and later, what `dress` adds to it. */
export function attach(selector, dress) {
  const dressed = new WeakSet();
  const look = (within) => {
    for (const element of [...(within.matches(selector) ? [within] : []), ...all(selector, within)]) {
      if (!dressed.has(element)) {
        dressed.add(element);
        dress(element);
      }
    }
  };
  const main = $("main");
  if (!tools || !main) return;
  look(main);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof Element && node.isConnected) look(node);
  }).observe(main, { childList: true, subtree: true });
}

/** An id that no other element has. */
let lastId = 0;
export const nextId = (name) => `tool-${name}-${(lastId += 1)}`;

/** Calls `run` when nothing happened for `wait` ms. */
export function debounce(wait, run) {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(run, wait); };
}

/** Links an element that tells something of a field to it. */
export function describe(field, element) {
  const known = (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  field.setAttribute("aria-describedby", [...known, element.id].join(" "));
}

/** Tells the form that a field was changed by a script. */
export function notifyChange(field) {
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

export const toolMessage = (name, values) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, () => value), tools.dataset[name]);
