// Helpers of the desk's form tools, which also apply to fields in rows that scripts add later.
// Their URLs and texts: templates/web/desk/_tools.html.
import { $, all } from "../shared/dom.js";

export const tools = $("#tools");

/**
 * Call `enhance` once for every element that matches a selector, now and later.
 * @param {string} selector
 * @param {(element: any) => void} enhance
 */
export function attach(selector, enhance) {
  const enhanced = new WeakSet();
  const scan = (/** @type {Element} */ root) => {
    for (const element of [...(root.matches(selector) ? [root] : []), ...all(selector, root)]) {
      if (!enhanced.has(element)) {
        enhanced.add(element);
        enhance(element);
      }
    }
  };
  const main = $("main");
  if (!tools || !main) return;
  scan(main);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof Element && node.isConnected) scan(node);
  }).observe(main, { childList: true, subtree: true });
}

let lastId = 0;
/** Return an id that no other element has. */
export const nextId = (/** @type {string} */ name) => `tool-${name}-${(lastId += 1)}`;

/**
 * Return a function that calls `run` when it was not called again for `ms`.
 * @param {number} ms
 * @param {() => void} run
 */
export function debounce(ms, run) {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(run, ms); };
}

/**
 * Add an element to the descriptions of a field.
 * @param {Element} field
 * @param {Element} element
 */
export function describe(field, element) {
  const ids = (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  field.setAttribute("aria-describedby", [...ids, element.id].join(" "));
}

/**
 * Dispatch `change` for a field that a script has changed.
 * @param {Element} field
 */
export function notifyChange(field) {
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * Return a text of `#tools` with its placeholders filled in.
 * @param {string} name
 * @param {Record<string, string>} values
 * @returns {string}
 */
export const toolMessage = (name, values) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, () => value), tools.dataset[name]);
