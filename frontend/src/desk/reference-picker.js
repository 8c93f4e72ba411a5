// Fields that refer to another record: input[data-picker=place]. A chosen record becomes the text
// `Şuşa (susa)`; without this script people type that, or a label that only one record has.
import { combobox, fetchJson, formatCount } from "../shared/combobox.js";
import { announce, make } from "../shared/dom.js";
import { attach, nextId, notifyChange, toolMessage, tools } from "./attach.js";

/** The id of the chosen record at the end of the text. */
export const CHOICE_ID = /\(([a-z0-9-]+)\)\s*$/;

/**
 * @typedef {object} Choice  a record that a field can refer to
 * @property {string} id
 * @property {string} label
 * @property {string} note  what distinguishes it from others with the same label
 */

/**
 * @param {Choice} choice
 * @returns {HTMLElement}
 */
function renderChoice({ label, note }) {
  return make("li", { class: "picker-option" }, make("span", { class: "picker-option-label" }, label), " ", make("span", { class: "hint" }, note));
}

/**
 * Make a combobox of a field.
 * @param {HTMLInputElement} input
 * @param {string} kind  the type of record
 * @param {(choice: Choice) => void} [onSelect]
 * @param {(query: string) => Choice[]} [firstChoices]  choices listed before those of the server
 */
export function attachPicker(input, kind, onSelect, firstChoices = () => []) {
  const list = make("ul", { class: "suggestions picker-options", id: nextId("choices"), role: "listbox", "aria-label": tools.dataset.choices });
  list.hidden = true;
  input.after(list);
  input.parentElement?.classList.add("has-picker");
  combobox(input, list, {
    getQuery: () => (CHOICE_ID.test(input.value) ? "" : input.value.trim()),
    async fetchItems(query, signal) {
      const result = await fetchJson(tools.dataset.values, { kind, q: query }, signal);
      const first = firstChoices(query);
      return result && [...first, ...result.choices.filter((/** @type {Choice} */ { id }) => !first.some((choice) => choice.id === id))];
    },
    renderItem: renderChoice,
    selectItem(/** @type {Choice} */ choice) {
      input.value = `${choice.label.replace(/\s+/g, " ").trim()} (${choice.id})`;
      onSelect?.(choice);
      announce(toolMessage("chosen", { label: choice.label }));
      notifyChange(input);
    },
    describeCount: (items) => formatCount(tools, items.length),
    initialItems: () => (input.value ? [] : firstChoices("")),
  });
}

attach("input[data-picker]", (/** @type {HTMLInputElement} */ input) => {
  input.removeAttribute("list"); // Its options are for browsers without scripts.
  attachPicker(input, input.dataset.picker ?? "");
});
