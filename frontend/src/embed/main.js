// The page that generates embed code: it updates with the form, and shows the element live.
import { combobox, fetchJson, formatCount } from "../shared/combobox.js";
import { $, all, announce, formQuery, make, replayEarlyInput } from "../shared/dom.js";

const form = $("#embed-form");
const result = $("#embed-result");
/** @type {AbortController | null} */
let request = null;

/** Show the element as a site would, with the script that a site would load. */
async function showElement() {
  const container = $("#embed-live");
  if (!container) return;
  const { widget, element: name, attributes, properties } = container.dataset;
  await import(new URL(widget, location.href).href);
  const element = make(name, JSON.parse(attributes));
  for (const [property, value] of Object.entries(JSON.parse(properties))) element.style.setProperty(property, String(value));
  container.replaceChildren(element);
  container.hidden = false;
  $(".embed-frame").open = false;
}

async function update() {
  request?.abort();
  request = new AbortController();
  const url = new URL(form.action);
  url.search = formQuery(form).toString();
  try {
    const response = await fetch(url, { signal: request.signal });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    result.replaceChildren(...$("#embed-result", page).childNodes);
    history.replaceState(null, "", url);
    for (const button of all("[data-copy]", result)) button.hidden = false;
    await showElement();
    announce([form.dataset.announcement, ...all(".notice", result).map((notice) => notice.textContent)].join(". "));
  } catch {
    // Superseded or offline; the form still submits.
  }
}

/** Show the fields of the chosen kind of element. */
function toggleFields() {
  const isPerson = new FormData(form).get("kind") === "person";
  $(".embed-person").hidden = !isPerson;
  $(".embed-search").hidden = isPerson;
}

function attachPersonPicker() {
  const input = $("#embed-person");
  const list = make("ul", { class: "suggestions", id: "embed-people", role: "listbox", "aria-label": form.dataset.list });
  list.hidden = true;
  input.after(list);
  combobox(input, list, {
    getQuery: () => input.value.trim(),
    async fetchItems(query, signal) {
      const response = await fetchJson(form.dataset.suggest, { q: query, lang: form.dataset.lang, size: 8 }, signal);
      return response?.suggestions;
    },
    renderItem: (person) => make("li", { class: "suggestion suggestion-value" }, person.name, " ", make("span", { class: "years" }, person.years)),
    selectItem(person) { input.value = person.name; update(); },
    describeCount: (items) => formatCount(form, items.length),
  });
}

form.addEventListener("change", () => { toggleFields(); update(); });
form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => { event.preventDefault(); update(); });
toggleFields();
attachPersonPicker();
showElement();

replayEarlyInput();
