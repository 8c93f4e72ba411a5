// Possible duplicates, listed while names are typed: [data-duplicates] contains the names.
// "Not the same person" is saved at once if the record has an id; else the form submits it in
// fields `distinct`.
import { fetchJson } from "../shared/combobox.js";
import { $, all, announce, make } from "../shared/dom.js";
import { attach, debounce, notifyChange, toolMessage, tools } from "./attach.js";

const MAX_NAMES = 8;
const MAX_NAME_CHARS = 100;

/** @typedef {{ id: string, label: string, note: string, reasons: string[], url: string }} Candidate */

attach("[data-duplicates]", (/** @type {HTMLElement} */ names) => {
  const form = /** @type {HTMLFormElement} */ (names.closest("form"));
  const status = make("p", { role: "status" });
  const list = make("ul");
  const panel = make("section", { class: "duplicate-candidates", "aria-label": tools.dataset.duplicatesTitle }, status, list);
  panel.hidden = true;
  names.append(panel);

  /** Place the panel in the row that is being edited, else below all rows. */
  function placePanel() {
    const row = document.activeElement?.closest(".writing-row");
    if (row && names.contains(row)) row.append(panel);
    else if (!panel.isConnected) names.append(panel);
  }

  const value = (/** @type {string} */ name) => /** @type {any} */ (form.elements.namedItem(name))?.value?.trim() ?? "";
  const typedNames = () => all("input[name$='-text']", names).map((input) => input.value.trim()).filter((name) => name.length > 2);
  const distinctIds = () => all("input[name=distinct]", form).map((input) => input.value);
  let lastQuery = "";
  /** @type {AbortController | null} */
  let request = null;

  async function search() {
    const texts = typedNames().slice(0, MAX_NAMES);
    const query = [
      ...texts.map((name) => ["name", name.slice(0, MAX_NAME_CHARS)]), ...distinctIds().map((id) => ["distinct", id]),
      ["born", value("birth-date")], ["died", value("death-date")], ["gender", value("gender")], ["id", value("person")],
    ];
    if (JSON.stringify(query) === lastQuery) return;
    lastQuery = JSON.stringify(query);
    request?.abort();
    if (!texts.length) { show([]); return; }
    request = new AbortController();
    try {
      const result = await fetchJson(tools.dataset.duplicatesUrl, query, request.signal);
      if (result) show(result.suspects);
    } catch {
      lastQuery = ""; // Superseded or offline.
    }
  }

  /** @param {Candidate[]} candidates */
  function show(candidates) {
    if (panel.hidden || !panel.isConnected) placePanel();
    list.replaceChildren(...candidates.map(renderCandidate));
    panel.hidden = !candidates.length;
    const text = candidates.length ? tools.dataset.duplicatesIntro : "";
    if (status.textContent !== text) status.textContent = text;
  }

  /** @param {Candidate} candidate */
  function renderCandidate({ id, label, note, reasons, url }) {
    const name = make("a", { href: url, target: "_blank", rel: "noopener" }, label);
    const button = make("button", { type: "button", class: "button quiet" }, tools.dataset.distinct, make("span", { class: "visually-hidden" }, ` ${label}`));
    const item = make("li", {}, name, " ", make("span", { class: "hint" }, note), make("ul", { class: "candidate-reasons" }, ...reasons.map((reason) => make("li", {}, reason))), button);
    button.addEventListener("click", () => markDistinct(id, label, item));
    return item;
  }

  /**
   * @param {string} id
   * @param {string} label
   * @param {HTMLElement} item
   */
  async function markDistinct(id, label, item) {
    if (value("person") && !(await saveDistinct(id))) { announce(tools.dataset.notSaved); return; }
    if (!value("person")) {
      form.append(make("input", { type: "hidden", name: "distinct", value: id }));
      notifyChange(form);
    }
    const next = $("button", item.nextElementSibling ?? item.previousElementSibling ?? panel.parentElement ?? document);
    item.remove();
    if (!list.children.length) show([]);
    (list.children.length ? next : $("input", names)).focus();
    announce(toolMessage("markedDistinct", { label }));
  }

  /**
   * Save on the server that a record is about a different person. Return whether it was saved.
   * @param {string} id
   */
  async function saveDistinct(id) {
    const body = new URLSearchParams({ csrf_token: $("input[name=csrf_token]", form).value, do: "distinct", first: value("person"), second: id });
    try {
      // On success the server redirects to the page of duplicates, which is not needed.
      const response = await fetch(tools.dataset.distinctUrl, { method: "POST", body, redirect: "manual" });
      return response.type === "opaqueredirect";
    } catch {
      return false;
    }
  }

  const searchLater = debounce(500, search);
  for (const type of ["input", "change"]) {
    form.addEventListener(type, ({ target }) => {
      const field = /** @type {HTMLInputElement} */ (target);
      if (names.contains(field) || ["birth-date", "death-date", "gender"].includes(field.name)) searchLater();
    });
  }
  search();
});
