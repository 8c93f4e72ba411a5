// What scripts of several rooms use; each bundle has a copy of its own.
const $ = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const announcer = $("#announcer");

/** Says a text to screen readers; the same text twice is said twice. */
function announce(text) {
  announcer.textContent = "";
  requestAnimationFrame(() => { announcer.textContent = text; });
}

/** An element with attributes and children, all as text: nothing is ever read as HTML. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** What one typed before the scripts came is heard as if it were typed now; called last. */
function hearTyped() {
  const field = document.activeElement;
  if (field?.matches("input, textarea") && field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
}
