import { announce, make, targetOf } from "./dom.js";

/**
 * @template T
 * @typedef {object} ComboboxOptions
 * @property {() => string} getQuery  the text to complete, or empty
 * @property {(query: string, signal: AbortSignal) => Promise<T[] | null | undefined>} fetchItems
 * @property {(item: T) => HTMLElement} renderItem
 * @property {(item: T) => void} selectItem
 * @property {(items: T[]) => string} describeCount  the text announced to screen readers
 * @property {() => T[]} [initialItems]  items listed before anything is typed
 * @property {(item: T) => string} [groupLabel]  the label of the group that an item is in, or empty; groups are adjacent
 */

/** About the time between two keys of a fast typist. */
const DEBOUNCE_MS = 120;

/**
 * Make a combobox of an input and a list: keys, focus and roles.
 * @template T
 * @param {HTMLInputElement} input
 * @param {HTMLElement} list
 * @param {ComboboxOptions<T>} options
 */
export function combobox(input, list, { getQuery, fetchItems, renderItem, selectItem, describeCount, initialItems, groupLabel }) {
  for (const [key, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-haspopup": "listbox",
  })) input.setAttribute(key, value);

  /** @type {T[]} */
  let items = [];
  /** @type {HTMLElement[]} */
  let options = [];
  let active = -1;
  let timer = 0;
  /** @type {AbortController | null} */
  let request = null;
  let shownQuery = "";

  /** @param {number} index */
  function activate(index) {
    active = index;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index >= 0) {
      input.setAttribute("aria-activedescendant", options[index].id);
      // The label of a group is seen with its first option.
      const { parentElement, previousElementSibling: before } = options[index];
      if (before && parentElement !== list && !options.includes(/** @type {HTMLElement} */ (before))) before.scrollIntoView({ block: "nearest" });
      options[index].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function close() {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    activate(-1);
  }

  function open() {
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  /**
   * @param {string} query
   * @param {T[]} newItems
   */
  function show(query, newItems) {
    items = newItems;
    options = items.map((item, at) => {
      const option = renderItem(item);
      for (const [key, value] of Object.entries({ role: "option", id: `${list.id}-${at}`, "aria-selected": "false" })) option.setAttribute(key, value);
      return option;
    });
    list.replaceChildren(...(groupLabel ? groupOptions(groupLabel) : options));
    shownQuery = query;
    activate(-1);
    open();
    if (query || items.length) announce(describeCount(items));
  }

  /**
   * Return the options with those of one group inside an element with its label.
   * @param {(item: T) => string} labelOf
   */
  function groupOptions(labelOf) {
    /** @type {HTMLElement[]} */
    const children = [];
    items.forEach((item, at) => {
      const label = labelOf(item);
      if (!label) { children.push(options[at]); return; }
      if (at === 0 || labelOf(items[at - 1]) !== label) {
        const id = `${list.id}-group-${at}`;
        children.push(make("ul", { class: "suggestion-group", role: "group", "aria-labelledby": id },
          make("li", { class: "suggestion-heading", role: "presentation", id }, label)));
      }
      children[children.length - 1].append(options[at]);
    });
    return children;
  }

  async function update() {
    const query = getQuery();
    if (!query) { show("", initialItems?.() ?? []); if (!items.length) close(); return; }
    request?.abort();
    request = new AbortController();
    try {
      const result = await fetchItems(query, request.signal);
      if (result && getQuery() === query && document.activeElement === input) show(query, result);
    } catch {
      // Superseded or offline; the form still submits on Enter.
    }
  }

  /** @param {number} index */
  function select(index) {
    const item = items[index];
    close();
    shownQuery = "";
    selectItem(item);
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(update, DEBOUNCE_MS); });
  input.addEventListener("keydown", (event) => {
    const last = items.length - 1;
    /** @type {Record<string, () => boolean | void>} */
    const keys = {
      ArrowDown: () => { if (list.hidden) { if (items.length && shownQuery === getQuery()) { open(); activate(0); } else update(); } else activate(active === last ? -1 : active + 1); },
      ArrowUp: () => { if (!list.hidden) activate(active === -1 ? last : active - 1); },
      Home: () => { if (active < 0) return false; activate(0); },
      End: () => { if (active < 0) return false; activate(last); },
      Enter: () => { if (list.hidden || active < 0) { close(); return false; } select(active); },
      Escape: () => { if (list.hidden) return false; close(); },
      Tab: () => { close(); return false; },
    };
    if (event.isComposing || !(event.key in keys)) return;
    if (keys[event.key]() !== false) event.preventDefault();
  });
  if (initialItems) input.addEventListener("focus", () => { if (!input.value) update(); });
  input.addEventListener("blur", close);
  // Keep the focus, or the list would close before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = targetOf(event, "[role=option]");
    if (option) select(options.indexOf(option));
  });
}

/**
 * Return the message for a number of items, from the texts that an element has for each plural category.
 * @param {HTMLElement} element
 * @param {number} count
 * @param {string} [texts]  the prefix of the data attributes with the texts
 * @returns {string}
 */
export function formatCount({ dataset }, count, texts = "count") {
  const category = new Intl.PluralRules(dataset.lang).select(count).replace(/^./, (c) => c.toUpperCase());
  const message = count ? dataset[`${texts}${category}`] ?? dataset[`${texts}Other`] : dataset.none;
  return (message ?? "").replace("{n}", String(count));
}

/**
 * Return the JSON of a GET request, or null for an error status.
 * @param {string} url
 * @param {Record<string, any> | string[][]} values
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function fetchJson(url, values, signal) {
  const response = await fetch(`${url}?${new URLSearchParams(values)}`, { signal, headers: { Accept: "application/json" } });
  return response.ok ? response.json() : null;
}
