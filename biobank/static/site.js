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
document.documentElement.classList.add("js");
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
const medallion = `/medallion/${suggestion.id}.svg`;
const face = make("img", { src: suggestion.portrait || medallion, width: "40", height: "40", alt: "" });
if (suggestion.portrait) face.addEventListener("error", () => { face.src = medallion; }, { once: true });
return make("li", { class: "suggestion" }, face,
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
function prepareBirths() {
const sliders = $(".birth-sliders");
if (!sliders) return;
sliders.hidden = false;
placeSliders();
}
function birthYears() {
const { first, end } = $(".birth-sliders").dataset;
const year = (id, open) => { const { value } = document.getElementById(id); return value === "" ? open : Number(value); };
return [year("born-from", Number(first)), year("born-to", Number(end) - 1)];
}
function placeSliders() {
const [from, to] = birthYears();
const places = { "slide-from": [from, from], "slide-to": [to + 1, to] };
for (const [id, [value, year]] of Object.entries(places)) {
const slider = document.getElementById(id);
slider.value = value;
slider.setAttribute("aria-valuetext", year);
}
const chosen = $("#born-from").value !== "" || $("#born-to").value !== "";
const bars = all(".decades a");
for (const bar of bars) {
const decade = Number(bar.dataset.first);
bar.classList.toggle("is-chosen", chosen && decade <= to && decade + 9 >= from);
}
const shown = bars.map((bar, at) => (bar.classList.contains("is-chosen") ? at : -1)).filter((at) => at >= 0);
$(".decades").classList.toggle("has-chosen", chosen);
$(".decades-band").setAttribute("x", 10 * (shown[0] ?? 0));
$(".decades-band").setAttribute("width", 10 * shown.length);
}
document.addEventListener("input", (event) => {
const slider = event.target.closest?.(".birth-sliders input");
if (slider) {
const from = $("#slide-from"), to = $("#slide-to");
if (Number(from.value) >= Number(to.value)) slider.value = slider === from ? Number(to.value) - 10 : Number(from.value) + 10;
document.getElementById(slider.dataset.sets).value = slider === from ? from.value : Number(to.value) - 1;
placeSliders();
} else if (event.target.closest?.("#born-from, #born-to") && $(".birth-sliders")) placeSliders();
});
const LIVE = ["results", "filters", "tongues", "kept"];
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
renewField(fresh);
document.title = fresh.title;
prepareResults();
offerCopying();
}
function renewField(fresh) {
const now = $("#q"), then = fresh.getElementById("q");
if (now !== document.activeElement) now.value = then.value;
const hint = then.getAttribute("aria-describedby");
if (hint) now.setAttribute("aria-describedby", hint);
else now.removeAttribute("aria-describedby");
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
history.pushState({ turned: true }, "", answer.url);
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
prepareBirths();
for (const facet of all(".facet")) {
if (all(".value", facet).length >= 8 && !$(".facet-filter", facet)) offerFinding(facet);
}
}
function offerFinding(facet) {
const words = $("#filters").dataset.find;
const title = $("h3", facet).textContent;
const field = make("input", { class: "facet-filter", type: "search", "aria-label": `${title}: ${words}`, placeholder: words });
const page = $(".facet-all a", facet);
const address = page?.href;
let folds = null;
field.addEventListener("input", () => {
const wanted = plainLetters(field.value.trim());
folds ??= all("details", facet).map((details) => [details, details.open]);
for (const [details, open] of folds) details.open = wanted ? true : open;
if (!wanted) folds = null;
for (const item of all(".value", facet)) {
item.hidden = !all(".value-label", item).some((label) => plainLetters(label.textContent).includes(wanted));
}
if (page) page.href = wanted ? `${address}${address.includes("?") ? "&" : "?"}find=${encodeURIComponent(field.value.trim())}` : address;
});
$("summary", facet).after(field);
}
function plainLetters(text) {
return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ə", "e").replaceAll("ı", "i");
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
turn(new URL(link.getAttribute("href"), location).href, { top: Boolean(link.closest(".paging")), focus: link.id || null });
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
const MENUS = ".takeaway, .one-line";
function closeMenus(where, back = false) {
for (const menu of all(`:is(${MENUS})[open]`)) {
if (menu === where?.closest?.(MENUS)) continue;
menu.open = false;
if (back) $("summary", menu).focus();
}
}
document.addEventListener("keydown", (event) => {
if (event.key === "Escape") closeMenus(null, true);
});
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));
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
hearTyped();
