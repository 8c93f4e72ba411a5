import { announce, targetOf } from "./dom.js";

/**
 * @template T
 * @typedef {object} ComboboxOptions
 * @property {() => string} getQuery  the text that is to be completed; empty when nothing is
 * @property {(query: string, signal: AbortSignal) => Promise<T[] | null | undefined>} fetchItems
 * @property {(item: T) => HTMLElement} renderItem
 * @property {(item: T) => void} selectItem
 * @property {(items: T[]) => string} describeCount  the text announced to screen readers
 * @property {() => T[]} [initialItems]  items listed before anything is typed
 */

/** Wait after the last key, about the time between two keys of a fast typist. */
const DEBOUNCE_MS = 120;

/**
 * Make a combobox of an input and a list: keys, focus and roles.
 * @template T
 * @param {HTMLInputElement} input
 * @param {HTMLElement} list
 * @param {ComboboxOptions<T>} options
 */
export function combobox(input, list, { getQuery, fetchItems, renderItem, selectItem, describeCount, initialItems }) {
  for (const [key, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-haspopup": "listbox",
  })) input.setAttribute(key, value);

  /** @type {T[]} */
  let items = [];
  let active = -1;
  let timer = 0;
  /** @type {AbortController | null} */
  let asking = null;
  let shownFor = "";

  function choose(index) {
    active = index;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index >= 0) {
      input.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function open() {
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function show(question, found) {
    items = found;
    list.replaceChildren(...items.map((item, at) => {
      const option = renderItem(item);
      for (const [key, value] of Object.entries({ role: "option", id: `${list.id}-${at}`, "aria-selected": "false" })) option.setAttribute(key, value);
      return option;
    }));
    shownFor = question;
    choose(-1);
    open();
    if (question || items.length) announce(describeCount(items));
  }

  async function look() {
    const question = getQuery();
    if (!question) { show("", initialItems?.() ?? []); if (!items.length) close(); return; }
    asking?.abort();
    asking = new AbortController();
    try {
      const found = await fetchItems(question, asking.signal);
      if (found && getQuery() === question && document.activeElement === input) show(question, found);
    } catch {
      // Superseded by the next key, or there is no net: the form still asks on Enter.
    }
  }

  function take(index) {
    const item = items[index];
    close();
    shownFor = "";
    selectItem(item);
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, DEBOUNCE_MS); });
  input.addEventListener("keydown", (event) => {
    const last = items.length - 1;
    /** @type {Record<string, () => boolean | void>} */
    const keys = {
      ArrowDown: () => { if (list.hidden) { if (items.length && shownFor === getQuery()) { open(); choose(0); } else look(); } else choose(active === last ? -1 : active + 1); },
      ArrowUp: () => { if (!list.hidden) choose(active === -1 ? last : active - 1); },
      Home: () => { if (active < 0) return false; choose(0); },
      End: () => { if (active < 0) return false; choose(last); },
      Enter: () => { if (list.hidden || active < 0) { close(); return false; } take(active); },
      Escape: () => { if (list.hidden) return false; close(); },
      Tab: () => { close(); return false; },
    };
    if (event.isComposing || !(event.key in keys)) return;
    if (keys[event.key]() !== false) event.preventDefault();
  });
  if (initialItems) input.addEventListener("focus", () => { if (!input.value) look(); });
  input.addEventListener("blur", close);
  // Before the field loses the focus, so that the list is still there to be clicked.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = targetOf(event, "[role=option]");
    if (option) take([...list.children].indexOf(option));
  });
}

/**
 * Return the message for a number of items, from the texts that an element has for each plural category.
 * @param {HTMLElement} element
 * @param {number} count
 * @returns {string}
 */
export function formatCount({ dataset }, count) {
  const category = new Intl.PluralRules(dataset.lang).select(count).replace(/^./, (c) => c.toUpperCase());
  return count ? (dataset[`count${category}`] ?? dataset.countOther).replace("{n}", String(count)) : dataset.none;
}

/**
 * Return the JSON of a GET request, or null for an error status.
 * @param {string} address
 * @param {Record<string, any> | string[][]} values
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function fetchJson(address, values, signal) {
  const answer = await fetch(`${address}?${new URLSearchParams(values)}`, { signal, headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : null;
}
