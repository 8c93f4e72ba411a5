const $ = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const announcer = $("#announcer");
function announce(text) {
announcer.textContent = "";
requestAnimationFrame(() => { announcer.textContent = text; });
}
function make(name, attributes = {}, ...children) {
const element = document.createElement(name);
for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
element.append(...children);
return element;
}
function hearTyped() {
const field = document.activeElement;
if (field?.matches("input, textarea") && field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
}
const WAIT = 120; // ms after the last key; typing at a good pace leaves about as much between two
function combobox(input, list, { typed, ask, row, pick, tell, unasked }) {
for (const [key, value] of Object.entries({
role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-haspopup": "listbox",
})) input.setAttribute(key, value);
let items = [];
let active = -1;
let timer = 0;
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
const option = row(item);
for (const [key, value] of Object.entries({ role: "option", id: `${list.id}-${at}`, "aria-selected": "false" })) option.setAttribute(key, value);
return option;
}));
shownFor = question;
choose(-1);
open();
if (question || items.length) announce(tell(items));
}
async function look() {
const question = typed();
if (!question) { show("", unasked?.() ?? []); if (!items.length) close(); return; }
asking?.abort();
asking = new AbortController();
try {
const found = await ask(question, asking.signal);
if (found && typed() === question && document.activeElement === input) show(question, found);
} catch {
}
}
function take(index) {
const item = items[index];
close();
shownFor = "";
pick(item);
}
input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, WAIT); });
input.addEventListener("keydown", (event) => {
const last = items.length - 1;
const keys = {
ArrowDown: () => { if (list.hidden) { if (items.length && shownFor === typed()) { open(); choose(0); } else look(); } else choose(active === last ? -1 : active + 1); },
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
if (unasked) input.addEventListener("focus", () => { if (!input.value) look(); });
input.addEventListener("blur", close);
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
const option = event.target.closest("[role=option]");
if (option) take([...list.children].indexOf(option));
});
}
function counted({ dataset }, count) {
const category = new Intl.PluralRules(dataset.lang).select(count).replace(/^./, (c) => c.toUpperCase());
return count ? (dataset[`count${category}`] ?? dataset.countOther).replace("{n}", count) : dataset.none;
}
async function answerOf(address, values, signal) {
const answer = await fetch(`${address}?${new URLSearchParams(values)}`, { signal, headers: { Accept: "application/json" } });
return answer.ok ? answer.json() : null;
}
const form = $("#embed-form");
const made = $("#embed-made");
let asking = null;
async function live() {
const place = $("#embed-live");
if (!place) return;
const { widget, element, attributes, properties } = place.dataset;
await import(new URL(widget, location.href));
const shown = make(element, JSON.parse(attributes));
for (const [name, value] of Object.entries(JSON.parse(properties))) shown.style.setProperty(name, value);
place.replaceChildren(shown);
place.hidden = false;
$(".embed-frame").open = false;
}
function address() {
const url = new URL(form.action);
url.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
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
made.replaceChildren(...$("#embed-made", page).childNodes);
history.replaceState(null, "", url);
for (const button of all("[data-copy]", made)) button.hidden = false;
await live();
announce([form.dataset.told, ...all(".notice", made).map((notice) => notice.textContent)].join(". "));
} catch {
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
typed: () => input.value.trim(),
async ask(question, signal) {
const found = await answerOf(form.dataset.suggest, { q: question, lang: form.dataset.lang, size: 8 }, signal);
return found?.suggestions;
},
row: (person) => make("li", { class: "suggestion suggestion-value" }, person.name, " ", make("span", { class: "years" }, person.years)),
pick(person) { input.value = person.name; follow(); },
tell: (items) => counted(form, items.length),
});
}
form.addEventListener("change", () => { kind(); follow(); });
form.addEventListener("submit", (event) => { event.preventDefault(); follow(); });
kind();
people();
live();
hearTyped();
