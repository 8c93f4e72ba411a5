const $ = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const announcer = $("#announcer");
document.documentElement.classList.add("js");
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
document.addEventListener("keydown", (event) => {
const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
const field = $("#q");
if (field) {
event.preventDefault();
field.focus();
field.select();
}
}
});
const WAIT = 120; // ms after the last key; typing at a good pace leaves about as much between two
function combobox(input, list, { typed, ask, row, pick, tell }) {
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
if (question) announce(tell(items));
}
async function look() {
const question = typed();
if (!question) { show("", []); close(); return; }
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
ArrowDown: () => { if (list.hidden) { if (shownFor && shownFor === typed()) { open(); choose(0); } else look(); } else choose(active === last ? -1 : active + 1); },
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
const SIZE = 8;
function suggestPeople(form) {
const input = $("input[name=q]", form);
const list = make("ul", { class: "suggestions", id: "suggestions", role: "listbox", "aria-label": form.dataset.list });
list.hidden = true;
form.append(list);
function person(suggestion) {
const years = suggestion.years ? make("span", { class: "years" }, suggestion.years) : "";
const line = make("span", { class: "suggestion-line" });
if (suggestion.matched && suggestion.matched !== suggestion.name) line.append(make("span", { class: "suggestion-form", dir: "auto" }, suggestion.matched), suggestion.headline ? " · " : "");
line.append(suggestion.headline || "");
return make("li", { class: "suggestion" },
make("img", { src: `/medallion/${suggestion.id}.svg`, width: "40", height: "40", alt: "" }),
make("span", { class: "suggestion-name" }, suggestion.name, " ", years), line);
}
combobox(input, list, {
typed: () => input.value.trim(),
async ask(question, signal) {
const found = await answerOf(form.dataset.suggest, { q: question, lang: form.dataset.lang, size: SIZE }, signal);
return found && [...found.suggestions.slice(0, SIZE), { texts: question }];
},
row: (item) => item.texts ? make("li", { class: "suggestion suggestion-texts" }, form.dataset.texts.replace("{q}", item.texts)) : person(item),
pick(item) {
if (item.texts) form.requestSubmit();
else location.assign(`/${form.dataset.lang}/people/${item.id}`);
},
tell: (items) => counted(form, items.length - 1),
});
}
all("form.field").forEach(suggestPeople);
const LIVE = ["results", "filters", "tongues"];
let turning = null;
function openDetails() {
return new Map(all("details[id]").map((details) => [details.id, details.open]));
}
function swap(fresh, states) {
for (const id of LIVE) {
const now = document.getElementById(id);
const then = fresh.getElementById(id);
if (now && then) {
if (now.classList.contains("is-open")) then.classList.add("is-open");
now.replaceWith(then);
}
}
for (const [id, wasOpen] of states) {
const details = document.getElementById(id);
if (details) details.open = wasOpen || details.open;
}
document.title = fresh.title;
prepareResults();
offerCopying();
}
async function turn(address, { push = true, top = false, focus = null, scroll = null } = {}) {
turning?.abort();
turning = new AbortController();
$("#results")?.classList.add("is-busy");
try {
const answer = await fetch(address, { signal: turning.signal, headers: { Accept: "text/html" } });
if (!answer.ok) throw new Error(String(answer.status));
const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
const states = openDetails();
if (push) {
history.replaceState({ ...history.state, scroll: scrollY }, "");
history.pushState({ turned: true }, "", address);
}
swap(fresh, states);
const count = $("#count");
const target = focus && document.getElementById(focus);
if (top) { $("#results").scrollIntoView(); count.focus({ preventScroll: true }); }
else if (target) target.focus({ preventScroll: true });
else if (push) count.focus({ preventScroll: true });
if (scroll !== null) scrollTo(0, scroll);
announce(count.textContent);
} catch (error) {
if (error.name !== "AbortError") location.assign(address);
}
}
function formAddress(form) {
const values = [...new FormData(form)].filter(([, value]) => value !== "");
const query = new URLSearchParams(values).toString();
return query ? `${form.action}?${query}` : form.action;
}
function sheet(open) {
const filters = $("#filters");
filters.classList.toggle("is-open", open);
(open ? $(".sheet-close", filters) : $(".sheet-open"))?.focus();
}
function prepareResults() {
for (const more of all(".facet-more")) {
const items = all(".value", more);
if (items.length < 8 || $(".facet-filter", more)) continue;
const title = more.closest(".facet").querySelector("h3").textContent;
const field = make("input", { class: "facet-filter", type: "search", "aria-label": title, placeholder: "…" });
field.addEventListener("input", () => {
const wanted = field.value.trim().toLocaleLowerCase(document.documentElement.lang);
for (const item of items) {
const label = $(".value-label", item).textContent.toLocaleLowerCase(document.documentElement.lang);
item.hidden = !label.includes(wanted);
}
});
$("summary", more).after(field);
}
}
if ($("#results[data-live]")) {
prepareResults();
document.addEventListener("click", (event) => {
if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
if (event.target.closest(".sheet-open")) { event.preventDefault(); sheet(true); return; }
if (event.target.closest(".sheet-close")) { event.preventDefault(); sheet(false); $("#results").scrollIntoView(); return; }
const link = event.target.closest("a[data-swap], #results .paging a");
if (!link) return;
event.preventDefault();
turn(link.href, { top: Boolean(link.closest(".paging")), focus: link.id || null });
});
document.addEventListener("submit", (event) => {
const form = event.target.closest("form[data-swap]");
if (!form) return;
event.preventDefault();
turn(formAddress(form));
});
document.addEventListener("change", (event) => {
if (event.target.matches("form.sort select")) turn(formAddress(event.target.form), { focus: "sort" });
});
document.addEventListener("keydown", (event) => {
if (event.key === "Escape" && $("#filters.is-open")) sheet(false);
});
addEventListener("popstate", (event) => {
if (event.state || !location.hash) turn(location.href, { push: false, scroll: event.state?.scroll ?? 0 });
});
}
function openNote(cite) {
const number = cite.hash.slice("#source-".length);
const source = document.getElementById(`source-${number}`);
const place = cite.closest("sup");
if (!source || !place) return false;
const open = $(".note");
const same = open?.dataset.cite === cite.id;
open?.remove();
if (same) return true;
const text = make("span");
text.append(`${number}. `, ...[...source.childNodes].map((node) => node.cloneNode(true)));
const locator = cite.title;
if (locator) text.append(` ${locator}`);
const close = make("button", { class: "note-close", type: "button", "aria-label": "×" }, "×");
const note = make("span", { class: "note", role: "note", tabindex: "-1" }, text, close);
note.dataset.cite = cite.id;
close.addEventListener("click", () => { note.remove(); cite.focus(); });
note.addEventListener("keydown", (event) => { if (event.key === "Escape") { note.remove(); cite.focus(); } });
place.after(note);
note.focus({ preventScroll: true });
return true;
}
document.addEventListener("click", (event) => {
const cite = event.target.closest?.("a.cite");
if (cite && !event.ctrlKey && !event.metaKey && !event.shiftKey && openNote(cite)) event.preventDefault();
});
function closeTakeaway(back) {
const menu = $(".takeaway[open]");
if (!menu) return;
menu.open = false;
if (back) $("summary", menu).focus();
}
document.addEventListener("keydown", (event) => {
if (event.key === "Escape") closeTakeaway(true);
});
document.addEventListener("click", (event) => {
if (!event.target.closest?.(".takeaway")) closeTakeaway(false);
});
document.addEventListener("focusin", (event) => {
if (!event.target.closest?.(".takeaway")) closeTakeaway(false);
});
function offerCopying() {
if (!navigator.clipboard) return;
for (const button of all("button[data-copy]")) button.hidden = false;
}
document.addEventListener("click", async (event) => {
const button = event.target.closest?.("button[data-copy]");
if (!button) return;
const source = document.getElementById(button.dataset.copy);
await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
const words = button.dataset.words ??= button.textContent;
button.textContent = button.dataset.copied;
announce(button.dataset.copied);
setTimeout(() => { button.textContent = words; }, 2000);
});
offerCopying();
for (const button of all("button[data-print]")) {
button.hidden = false;
button.addEventListener("click", () => print());
}
function completeValues(holder, at) {
const form = holder.closest("form");
const input = $("input", holder);
const single = "single" in holder.dataset;
const list = make("ul", { class: "suggestions", id: `values-${at}`, role: "listbox", "aria-label": form.dataset.list });
list.hidden = true;
holder.append(list);
function piece() {
if (single) return [0, input.value.length];
const end = input.value.indexOf(";", input.selectionStart);
return [input.value.lastIndexOf(";", input.selectionStart - 1) + 1, end < 0 ? input.value.length : end];
}
combobox(input, list, {
typed: () => input.value.slice(...piece()).trim(),
async ask(question, signal) {
const found = await answerOf(form.dataset.values, { facet: holder.dataset.facet, q: question, lang: form.dataset.lang }, signal);
return found?.values;
},
row(value) {
const option = make("li", { class: "suggestion suggestion-value" }, make("span", {}, value.label));
if (value.note) option.append(" ", make("span", { class: "suggestion-line", dir: "auto" }, value.note));
if (value.count) option.append(" ", make("span", { class: "count" }, String(value.count)));
return option;
},
pick(value) {
const [start, end] = piece();
const before = start ? " " : "";
const after = single || end < input.value.length ? "" : "; ";
input.setRangeText(before + value.text + after, start, end, "end");
},
tell: (values) => counted(form, values.length),
});
input.addEventListener("blur", () => { if (!single) input.value = input.value.replace(/[;\s]+$/, ""); });
}
all(".complete").forEach(completeValues);
function drawing(map, button) {
const form = $("#area");
const hint = $("#draw-hint");
const ground = "http://www.w3.org/2000/svg";
let start = null;
let drawn = null;
const at = (event) => {
const box = map.getBoundingClientRect();
const within = (value, most) => Math.min(Math.max(value, 0), most);
return { x: within(event.clientX - box.left, box.width), y: within(event.clientY - box.top, box.height), box };
};
function ready(on) {
drawn?.remove();
start = drawn = null;
button.setAttribute("aria-pressed", String(on));
map.classList.toggle("is-drawing", on);
hint.hidden = !on;
if (on) announce(hint.textContent);
}
function draw(point) {
for (const [key, value] of Object.entries({
x: Math.min(point.x, start.x), y: Math.min(point.y, start.y),
width: Math.abs(point.x - start.x), height: Math.abs(point.y - start.y),
})) drawn.setAttribute(key, value);
}
function ask(end) {
const { west, south, east, north } = Object.fromEntries(Object.entries(map.dataset).map(([key, value]) => [key, Number(value)]));
const lon = (x) => Math.min(180, Math.max(-180, west + (x / end.box.width) * (east - west)));
const lat = (y) => Math.min(90, Math.max(-90, north - (y / end.box.height) * (north - south)));
const edges = {
west: lon(Math.min(start.x, end.x)), east: lon(Math.max(start.x, end.x)),
north: lat(Math.min(start.y, end.y)), south: lat(Math.max(start.y, end.y)),
};
for (const [edge, value] of Object.entries(edges)) form.elements[edge].value = value.toFixed(4);
form.requestSubmit();
}
button.hidden = false;
button.addEventListener("click", () => ready(button.getAttribute("aria-pressed") !== "true"));
map.addEventListener("pointerdown", (event) => {
if (!map.classList.contains("is-drawing") || event.button || start) return;
event.preventDefault();
map.setPointerCapture(event.pointerId);
start = at(event);
drawn = document.createElementNS(ground, "rect");
drawn.setAttribute("class", "map-drawn");
map.append(drawn);
draw(start);
});
map.addEventListener("pointermove", (event) => { if (start) draw(at(event)); });
map.addEventListener("pointerup", (event) => {
if (!start) return;
const end = at(event);
if (Math.abs(end.x - start.x) < 6 || Math.abs(end.y - start.y) < 6) ready(true);
else ask(end);
});
map.addEventListener("pointercancel", () => { if (start) ready(true); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && button.getAttribute("aria-pressed") === "true") ready(false); });
}
if ($("#map")) drawing($("#map"), $("#draw"));
