// Who may be in the bank already, told while names are typed: [data-duplicates] holds the names.
// "Not the same person" is remembered at once where the record has an id; else the form carries
// it in fields `distinct`, until it is saved.
import { fetchJson } from "../shared/combobox.js";
import { $, all, announce, make } from "../shared/dom.js";
import { attach, debounce, notifyChange, toolMessage, tools } from "./attach.js";

attach("[data-duplicates]", (names) => {
  const form = names.closest("form");
  const told = make("p", { role: "status" });
  const list = make("ul");
  const box = make("section", { class: "alike", "aria-label": tools.dataset.alikeTitle }, told, list);
  box.hidden = true;
  names.append(box);

  /** Beside the name that is being typed, where one looks; else below them all. */
  function place() {
    const row = document.activeElement.closest(".writing-row");
    if (row && names.contains(row)) row.append(box);
    else if (!box.isConnected) names.append(box);
  }

  const value = (name) => form.elements[name]?.value?.trim() ?? "";
  const typedNames = () => all("input[name$='-text']", names).map((input) => input.value.trim()).filter((name) => name.length > 2);
  const distinct = () => all("input[name=distinct]", form).map((input) => input.value);
  let asked = "";
  /** @type {AbortController | null} */
  let asking = null;

  async function look() {
    const called = typedNames().slice(0, 8);
    const question = [
      ...called.map((name) => ["name", name.slice(0, 100)]), ...distinct().map((id) => ["distinct", id]),
      ["born", value("birth-date")], ["died", value("death-date")], ["gender", value("gender")], ["id", value("person")],
    ];
    if (JSON.stringify(question) === asked) return;
    asked = JSON.stringify(question);
    asking?.abort();
    if (!called.length) { show([]); return; }
    asking = new AbortController();
    try {
      const found = await fetchJson(tools.dataset.alikeAt, question, asking.signal);
      if (found) show(found.suspects);
    } catch {
      asked = ""; // Superseded, or there is no net.
    }
  }

  function show(suspects) {
    if (box.hidden || !box.isConnected) place();
    list.replaceChildren(...suspects.map(row));
    box.hidden = !suspects.length;
    const text = suspects.length ? tools.dataset.alike : "";
    if (told.textContent !== text) told.textContent = text;
  }

  function row({ id, label, note, reasons, url }) {
    const name = make("a", { href: url, target: "_blank", rel: "noopener" }, label);
    const button = make("button", { type: "button", class: "button quiet" }, tools.dataset.distinct, make("span", { class: "visually-hidden" }, ` ${label}`));
    const item = make("li", {}, name, " ", make("span", { class: "hint" }, note), make("ul", { class: "suspect-reasons" }, ...reasons.map((reason) => make("li", {}, reason))), button);
    button.addEventListener("click", () => markDistinct(id, label, item));
    return item;
  }

  async function markDistinct(id, label, item) {
    if (value("person") && !(await remember(id))) { announce(tools.dataset.notKept); return; }
    if (!value("person")) {
      form.append(make("input", { type: "hidden", name: "distinct", value: id }));
      notifyChange(form);
    }
    const next = $("button", item.nextElementSibling ?? item.previousElementSibling ?? box.parentElement);
    item.remove();
    if (!list.children.length) show([]);
    (list.children.length ? next : $("input", names)).focus();
    announce(toolMessage("keptApart", { label }));
  }

  async function remember(id) {
    const body = new URLSearchParams({ csrf_token: $("input[name=csrf_token]", form).value, do: "distinct", first: value("person"), second: id });
    try {
      // It leads to the page of duplicates, which nobody wants to see here.
      const answer = await fetch(tools.dataset.distinctAt, { method: "POST", body, redirect: "manual" });
      return answer.type === "opaqueredirect";
    } catch {
      return false;
    }
  }

  const typing = debounce(500, look);
  const telling = (event) => names.contains(event.target) || ["birth-date", "death-date", "gender"].includes(event.target.name);
  form.addEventListener("input", (event) => { if (telling(event)) typing(); });
  form.addEventListener("change", (event) => { if (telling(event)) typing(); });
  look();
});
