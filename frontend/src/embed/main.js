// The page that makes the code: it follows the form as one chooses, and shows the element live.
import { combobox, fetchJson, formatCount } from "../shared/combobox.js";
import { $, all, announce, formQuery, make, replayEarlyInput } from "../shared/dom.js";

const form = $("#embed-form");
const made = $("#embed-result");
/** @type {AbortController | null} */
let asking = null;

/** The element as a site would write it, by the script that a site would load. */
async function live() {
  const place = $("#embed-live");
  if (!place) return;
  const { widget, element, attributes, properties } = place.dataset;
  await import(new URL(widget, location.href).href);
  const shown = make(element, JSON.parse(attributes));
  for (const [name, value] of Object.entries(JSON.parse(properties))) shown.style.setProperty(name, value);
  place.replaceChildren(shown);
  place.hidden = false;
  $(".embed-frame").open = false;
}

function address() {
  const url = new URL(form.action);
  url.search = formQuery(form).toString();
  return url;
}

async function follow() {
  asking?.abort();
  asking = new AbortController();
  const url = address();
  try {
    const answer = await fetch(url, { signal: asking.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    made.replaceChildren(...$("#embed-result", page).childNodes);
    history.replaceState(null, "", url);
    for (const button of all("[data-copy]", made)) button.hidden = false;
    await live();
    announce([form.dataset.told, ...all(".notice", made).map((notice) => notice.textContent)].join(". "));
  } catch {
    // Superseded by the next choice, or there is no net: the form still sends.
  }
}

function kind() {
  const person = new FormData(form).get("kind") === "person";
  $(".embed-person").hidden = !person;
  $(".embed-search").hidden = person;
}

function people() {
  const input = $("#embed-person");
  const list = make("ul", { class: "suggestions", id: "embed-people", role: "listbox", "aria-label": form.dataset.list });
  list.hidden = true;
  input.after(list);
  combobox(input, list, {
    getQuery: () => input.value.trim(),
    async fetchItems(question, signal) {
      const found = await fetchJson(form.dataset.suggest, { q: question, lang: form.dataset.lang, size: 8 }, signal);
      return found?.suggestions;
    },
    renderItem: (person) => make("li", { class: "suggestion suggestion-value" }, person.name, " ", make("span", { class: "years" }, person.years)),
    selectItem(person) { input.value = person.name; follow(); },
    describeCount: (items) => formatCount(form, items.length),
  });
}

form.addEventListener("change", () => { kind(); follow(); });
form.addEventListener("submit", (event) => { event.preventDefault(); follow(); });
kind();
people();
live();

replayEarlyInput();
