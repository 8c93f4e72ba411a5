// Fields that name something of the bank: input[data-pick=place]. What is picked stands as
// `Şuşa (susa)`; without this script the same is typed, or a label that means one thing alone.
import { combobox, fetchJson, formatCount } from "../shared/combobox.js";
import { announce, make } from "../shared/dom.js";
import { attach, nextId, notifyChange, toolMessage, tools } from "./attach.js";

export const PICKED = /\(([a-z0-9-]+)\)\s*$/;

/**
 * @typedef {object} Choice  a record that a field can name
 * @property {string} id
 * @property {string} label
 * @property {string} note  what distinguishes it from others with the same label
 */

/**
 * @param {Choice} choice
 * @returns {HTMLElement}
 */
function renderChoice({ label, note }) {
  return make("li", { class: "pick" }, make("span", { class: "pick-label" }, label), " ", make("span", { class: "hint" }, note));
}

/**
 * Make a combobox of a field.
 * @param {HTMLInputElement} input
 * @param {string} kind  the type of record
 * @param {(choice: Choice) => void} [picked]
 * @param {(query: string) => Choice[]} [before]  choices listed before those of the server
 */
export function attachPicker(input, kind, picked, before = () => []) {
  const list = make("ul", { class: "suggestions picks", id: nextId("picks"), role: "listbox", "aria-label": tools.dataset.choices });
  list.hidden = true;
  input.after(list);
  input.parentElement.classList.add("has-picks");
  combobox(input, list, {
    getQuery: () => (PICKED.test(input.value) ? "" : input.value.trim()),
    async fetchItems(/** @type {string} */ question, signal) {
      const found = await fetchJson(tools.dataset.values, { kind, q: question }, signal);
      const first = before(question);
      return found && [...first, ...found.choices.filter(({ id }) => !first.some((choice) => choice.id === id))];
    },
    renderItem: renderChoice,
    selectItem(choice) {
      input.value = `${choice.label.replace(/\s+/g, " ").trim()} (${choice.id})`;
      picked?.(choice);
      announce(toolMessage("chosen", { label: choice.label }));
      notifyChange(input);
    },
    describeCount: (found) => formatCount(tools, found.length),
    initialItems: () => (input.value ? [] : before("")),
  });
}

attach("input[data-pick]", (input) => {
  input.removeAttribute("list"); // which offers the same where no script runs
  attachPicker(input, input.dataset.pick);
});
