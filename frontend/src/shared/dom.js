// Helpers for reading and making elements; every bundle has its own copy.

/**
 * Return the first element that matches a selector. The selector decides the type.
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {any} an element, or null
 */
export const $ = (selector, within = document) => within.querySelector(selector);

/**
 * Return all elements that match a selector.
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {any[]}
 */
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/**
 * Return the nearest ancestor of an event's target that matches a selector, or the target itself.
 * @param {Event} event
 * @param {string} selector
 * @returns {any} an element, or null
 */
export const targetOf = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

const announcer = $("#announcer");

/**
 * Announce a text to screen readers, again when it is the same text.
 * @param {string} text
 */
export function announce(text) {
  announcer.textContent = "";
  requestAnimationFrame(() => { announcer.textContent = text; });
}

/**
 * Make an element with attributes and children. Strings become text: nothing is parsed as HTML.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Dispatch `input` for a field that was edited before the scripts loaded. Call this last. */
export function replayEarlyInput() {
  const field = document.activeElement;
  const editable = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;
  if (editable && field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * Return the filled fields of a form as a query.
 * @param {HTMLFormElement} form
 * @returns {URLSearchParams}
 */
export function formQuery(form) {
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  return new URLSearchParams(fields.filter(([, value]) => value));
}
