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
$(".desk-wrong")?.focus();
{
const way = $(".desk-ways [aria-current]");
const ways = way?.parentElement;
if (ways && ways.scrollWidth > ways.clientWidth) ways.scrollLeft = way.offsetLeft - ways.offsetLeft - 16;
}
for (const field of all(".join-field")) {
$("textarea", field)?.addEventListener("input", () => { $("input[value=text]", field).checked = true; });
}
{
const REST = 2000; // ms after the last key until the form is kept
const AGAIN = 15000; // ms until it is tried again, where it could not be
const KEEPALIVE = 60000; // bytes that browsers send on for a page that is gone
const form = document.querySelector("#writing");
if (form) {
const changed = keeping(form);
form.addEventListener("click", (event) => {
const button = event.target.closest("button[name=do]");
const [way, ...name] = (button?.value ?? "").split("-");
if (!name.length) return;
event.preventDefault();
const part = button.closest("details.part");
({ add, remove }[way] ?? move)(button, way);
changed();
sum(part);
});
for (const kind of ["input", "change"]) form.addEventListener(kind, (event) => sum(event.target.closest("details.part")));
form.addEventListener("keydown", (event) => {
if (event.key === "Enter" && event.target.matches("input") && !event.isComposing) event.preventDefault();
});
document.addEventListener("click", (event) => {
const link = event.target.closest(".desk-wrong a, .writing-index a");
const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
if (target) unfold(target);
});
}
function unfold(target) {
for (let part = target.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
(target.matches("details") ? target.querySelector("summary") : target).focus({ preventScroll: true });
}
function add(button) {
const list = button.closest("[data-rows]");
const rows = list.querySelector(":scope > ol");
if (rows.querySelectorAll(":scope > .writing-row").length >= Number(list.dataset.most)) return;
const template = list.querySelector(":scope > template") ?? document.querySelector("#cites-template");
list.dataset.next = Number(list.dataset.next ?? rows.children.length) + 1;
const number = list.dataset.next - 1;
const row = document.importNode(template.content, true).firstElementChild;
name(row, list.dataset.rows.replace(/-cites$/, ""), number);
rows.append(row);
count(rows);
row.querySelector("input, select, textarea").focus();
row.dispatchEvent(new CustomEvent("row-added", { bubbles: true }));
}
function name(row, within, number) {
for (const element of [row, ...row.querySelectorAll("*")]) {
for (const attribute of element.attributes) {
attribute.value = attribute.value.replace("WITHIN", within).replace("NUMBER", number);
}
}
}
function move(button, way) {
const row = button.closest("li");
if (way === "up") row.previousElementSibling?.before(row);
if (way === "down") row.nextElementSibling?.after(row);
count(row.parentElement);
button.focus();
}
function remove(button) {
const row = button.closest("li");
const rows = row.parentElement;
const next = row.nextElementSibling ?? row.previousElementSibling;
row.replaceWith(...(says(row) ? [removed(row)] : []));
count(rows);
(next?.querySelector("input, select, textarea") ?? rows.parentElement.querySelector(":scope > button")).focus();
}
function removed(row) {
const called = row.querySelector("legend").textContent.trim();
const back = make("button", { type: "button", class: "button quiet" }, form.dataset.back, make("span", { class: "unseen" }, `: ${called}`));
const place = make("li", { class: "writing-removed" }, make("del", {}, `${called}: ${says(row)}`), " ", back);
back.addEventListener("click", () => {
place.replaceWith(row);
count(row.parentElement);
row.querySelector("input, select, textarea").focus();
changedByTool(row.querySelector("input, select, textarea"));
});
return place;
}
function says(row) {
return [...row.querySelectorAll("input[type=text], textarea")].map((field) => field.value.trim()).find(Boolean) ?? "";
}
function count(rows) {
[...rows.querySelectorAll(":scope > .writing-row")].forEach((row, at) => {
for (const number of row.querySelectorAll("[data-number]")) {
if (number.closest("li") === row) number.textContent = String(at + 1);
}
});
}
function sum(part) {
const lists = part?.querySelectorAll(":scope > .part-in > [data-rows] > ol");
if (!lists?.length) return;
const rows = [...lists].flatMap((list) => [...list.children]).filter(says).length;
for (const place of [part.querySelector(":scope > summary"), form.parentElement.querySelector(`.writing-index a[href="#${part.id}"]`)]) {
let told = place.querySelector(".count");
if (!told) {
told = document.createElement("span");
told.className = "count";
place.append(" ", told);
}
told.textContent = rows || "";
}
}
function keeping(form) {
const told = form.querySelector("#writing-kept");
const time = new Intl.DateTimeFormat(form.dataset.lang, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "UTC" });
let dirty = false;
let timer = 0;
let asking = null;
let sending = false;
function changed() {
dirty = true;
later(REST);
}
function later(wait) {
clearTimeout(timer);
timer = setTimeout(keep, wait);
}
function keep(leaving = false) {
if (!dirty || sending || asking) return;
clearTimeout(timer);
dirty = false;
asking = ask(leaving === true).finally(() => {
asking = null;
if (dirty) later(told.dataset.failed ? AGAIN : REST);
});
}
async function ask(leaving) {
let status = 0;
try {
let answer = await send(leaving);
if (answer.status === 400 && (await renewed())) answer = await send(leaving);
status = answer.status;
const copy = answer.ok && (await answer.json());
if (!copy) throw new Error(String(status));
form.elements.copy.value = copy.key;
history.replaceState(history.state, "", copy.url);
tell("", form.dataset.saved.replace("{time}", `${time.format(new Date(copy.saved_at))} UTC`));
} catch {
dirty = true;
const why = status === 401 || status === 400 ? "signedOut" : status ? "refused" : "offline";
tell("1", form.dataset[why]);
}
}
function send(leaving) {
const body = new URLSearchParams(new FormData(form));
const keepalive = leaving && body.toString().length < KEEPALIVE;
return fetch(form.dataset.keep, { method: "POST", body, keepalive });
}
async function renewed() {
const page = new DOMParser().parseFromString(await (await fetch(form.action)).text(), "text/html");
const token = page.querySelector("#writing [name=csrf_token]");
if (token) form.elements.csrf_token.value = token.value;
return Boolean(token);
}
function tell(failed, text) {
told.dataset.failed = failed;
told.textContent = text;
}
form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("submit", async (event) => {
if (asking) {
event.preventDefault();
await asking;
form.requestSubmit(event.submitter);
return;
}
sending = true;
});
addEventListener("pageshow", () => { sending = false; });
addEventListener("online", () => keep());
addEventListener("pagehide", () => keep(true));
document.addEventListener("visibilitychange", () => { if (document.hidden) keep(true); });
addEventListener("beforeunload", (event) => { if (dirty && told.dataset.failed && !sending) event.preventDefault(); });
return changed;
}
}
const tools = $("#tools");
function attach(selector, dress) {
const dressed = new WeakSet();
const look = (within) => {
for (const element of [...(within.matches(selector) ? [within] : []), ...all(selector, within)]) {
if (!dressed.has(element)) {
dressed.add(element);
dress(element);
}
}
};
const main = $("main");
if (!tools || !main) return;
look(main);
new MutationObserver((changes) => {
for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof Element && node.isConnected) look(node);
}).observe(main, { childList: true, subtree: true });
}
let toolIds = 0;
const toolId = (name) => `tool-${name}-${(toolIds += 1)}`;
function resting(wait, run) {
let timer = 0;
return () => { clearTimeout(timer); timer = setTimeout(run, wait); };
}
function describe(field, element) {
const known = (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
field.setAttribute("aria-describedby", [...known, element.id].join(" "));
}
function changedByTool(field) {
field.dispatchEvent(new Event("change", { bubbles: true }));
}
const toolWords = (name, values) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, () => value), tools.dataset[name]);
const PICKED = /\(([a-z0-9-]+)\)\s*$/;
function choiceRow({ label, note }) {
return make("li", { class: "pick" }, make("span", { class: "pick-label" }, label), " ", make("span", { class: "hint" }, note));
}
function pickFrom(input, kind, picked, before = () => []) {
const list = make("ul", { class: "suggestions picks", id: toolId("picks"), role: "listbox", "aria-label": tools.dataset.choices });
list.hidden = true;
input.after(list);
input.parentElement.classList.add("has-picks");
combobox(input, list, {
typed: () => (PICKED.test(input.value) ? "" : input.value.trim()),
async ask(question, signal) {
const found = await answerOf(tools.dataset.values, { kind, q: question }, signal);
const first = before(question);
return found && [...first, ...found.choices.filter(({ id }) => !first.some((one) => one.id === id))];
},
row: choiceRow,
pick(choice) {
input.value = `${choice.label.replace(/\s+/g, " ").trim()} (${choice.id})`;
picked?.(choice);
announce(toolWords("chosen", { label: choice.label }));
changedByTool(input);
},
tell: (found) => counted(tools, found.length),
unasked: () => (input.value ? [] : before("")),
});
}
attach("input[data-pick]", (input) => {
input.removeAttribute("list"); // which offers the same where no script runs
pickFrom(input, input.dataset.pick);
});
attach("input[data-date]", (input) => {
const reading = make("span");
const use = make("button", { type: "button", class: "button quiet date-use" });
const line = make("p", { class: "hint date-reading", id: toolId("reading") }, reading, " ", use);
line.hidden = use.hidden = true;
input.after(line);
describe(input, line);
let asked = "";
let edtf = "";
function show({ text = "", wrong = false, offered = "" }) {
edtf = offered;
reading.textContent = text;
line.hidden = !text;
line.classList.toggle("wrong", wrong);
use.hidden = !offered;
use.textContent = offered && toolWords("use", { date: offered });
}
async function read(settled) {
const text = input.value.trim();
if (!text) { asked = ""; show({}); return; }
if (text === asked && !settled) return;
asked = text;
let found = null;
try {
found = await answerOf(tools.dataset.date, { text });
} catch {
}
if (!found || input.value.trim() !== text) return;
if (found.problem) show(settled ? { text: found.problem, wrong: true } : {});
else show({ text: [found.reading, found.band && `(${found.band})`].filter(Boolean).join(" "), offered: found.edtf === text ? "" : found.edtf });
if (!line.hidden && document.activeElement === input) announce(line.textContent);
}
const typing = resting(300, () => read(false));
input.addEventListener("input", () => { if (line.classList.contains("wrong")) show({}); typing(); });
input.addEventListener("focus", () => read(false));
input.addEventListener("change", () => read(true));
use.addEventListener("click", () => {
input.value = asked = edtf;
show({ text: reading.textContent });
input.focus();
changedByTool(input);
});
});
attach("textarea[data-markdown]", (area) => {
const preview = make("div", { class: "preview", id: toolId("preview"), role: "region", "aria-label": tools.dataset.previewTitle, lang: area.lang });
const citing = make("div", { class: "citing", id: toolId("citing"), role: "group", "aria-label": tools.dataset.cite });
const toggle = make("button", { type: "button", class: "button quiet", "aria-expanded": "false", "aria-controls": preview.id }, tools.dataset.preview);
const cite = make("button", { type: "button", class: "button quiet", "aria-expanded": "false", "aria-controls": citing.id }, tools.dataset.cite);
preview.hidden = citing.hidden = true;
area.after(make("p", { class: "markdown-ways" }, toggle, " ", cite), citing, preview);
previewing(area, preview, toggle);
citingAtCaret(area, citing, cite);
});
function sourcesOfForm(within) {
const found = new Map();
for (const { value } of all("input[data-pick=source]", within.closest("form") ?? document)) {
const id = PICKED.exec(value)?.[1] ?? (/^[a-z0-9-]+$/.test(value.trim()) ? value.trim() : "");
if (id) found.set(id, value.replace(PICKED, "").trim() || id);
}
return [...found].map(([id, label]) => ({ id, label, note: tools.dataset.ofForm }));
}
function previewing(area, preview, toggle) {
let asking = null;
async function render() {
const body = new FormData();
body.append("csrf_token", $("input[name=csrf_token]", area.closest("form"))?.value ?? "");
body.append("text", area.value);
body.append("lang", area.lang);
for (const { id } of sourcesOfForm(area)) body.append("sources", id);
asking?.abort();
asking = new AbortController();
try {
const answer = await fetch(tools.dataset.previewAt, { method: "POST", body, signal: asking.signal });
if (!answer.ok) throw new Error(String(answer.status));
preview.replaceChildren(...previewed(await answer.json(), preview.id));
} catch (error) {
if (error.name !== "AbortError") preview.replaceChildren(make("p", { class: "wrong" }, tools.dataset.noPreview));
}
}
toggle.addEventListener("click", () => {
preview.hidden = !preview.hidden;
toggle.setAttribute("aria-expanded", String(!preview.hidden));
if (!preview.hidden) render();
});
const typing = resting(600, render);
area.addEventListener("input", () => { if (!preview.hidden) typing(); });
}
function previewed({ html, sources, unknown }, prefix) {
const text = new DOMParser().parseFromString(html, "text/html").body;
for (const element of all("[id]", text)) element.id = `${prefix}-${element.id}`;
for (const link of all("a[href^='#']", text)) link.setAttribute("href", `#${prefix}-${link.hash.slice(1)}`);
const life = make("div", { class: "life" }, ...text.childNodes);
const list = make("ol", { class: "sources" }, ...sources.map(({ number, title }) => make("li", { id: `${prefix}-source-${number}` }, title)));
const missing = make("p", { class: "wrong" }, toolWords("unknown", { ids: unknown.join(", ") }));
return [life, ...(sources.length ? [list] : []), ...(unknown.length ? [missing] : [])];
}
function citingAtCaret(area, panel, toggle) {
const source = make("input", { type: "text", id: toolId("source"), maxlength: "500", autocomplete: "off" });
const place = make("input", { type: "text", id: toolId("place"), maxlength: "200", autocomplete: "off" });
const insert = make("button", { type: "button", class: "button" }, tools.dataset.insert);
panel.append(
make("div", { class: "entry" }, make("label", { for: source.id }, tools.dataset.source), source),
make("div", { class: "entry" }, make("label", { for: place.id }, tools.dataset.place), place),
make("p", {}, insert),
);
pickFrom(source, "source", () => place.focus(), (question) => {
const typed = question.toLocaleLowerCase();
return sourcesOfForm(area).filter(({ id, label }) => `${label} ${id}`.toLocaleLowerCase().includes(typed));
});
function open(whether) {
panel.hidden = !whether;
toggle.setAttribute("aria-expanded", String(whether));
(whether ? source : area).focus();
}
function put() {
const id = PICKED.exec(source.value)?.[1] ?? source.value.trim();
if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) { source.focus(); return; }
const where = place.value.replace(/[\];\n]/g, " ").replace(/\s+/g, " ").trim();
const at = area.selectionEnd;
const space = at && !/\s/.test(area.value[at - 1]) ? " " : "";
area.setRangeText(`${space}[@${id}${where && `, ${where}`}]`, at, at, "end");
source.value = place.value = "";
open(false);
area.dispatchEvent(new Event("input", { bubbles: true }));
}
toggle.addEventListener("click", () => open(panel.hidden));
insert.addEventListener("click", put);
panel.addEventListener("keydown", (event) => {
if (event.defaultPrevented || event.isComposing) return;
if (event.key === "Escape") open(false);
else if (event.key === "Enter" && event.target.matches("input")) put();
else return;
event.preventDefault();
});
panel.addEventListener("input", (event) => event.stopPropagation());
panel.addEventListener("change", (event) => event.stopPropagation());
}
attach("[data-duplicates]", (names) => {
const form = names.closest("form");
const told = make("p", { role: "status" });
const list = make("ul");
const box = make("section", { class: "alike", "aria-label": tools.dataset.alikeTitle }, told, list);
box.hidden = true;
names.append(box);
function place() {
const row = document.activeElement.closest(".writing-row");
if (row && names.contains(row)) row.append(box);
else if (!box.isConnected) names.append(box);
}
const value = (name) => form.elements[name]?.value?.trim() ?? "";
const typedNames = () => all("input[name$='-text']", names).map((input) => input.value.trim()).filter((name) => name.length > 2);
const distinct = () => all("input[name=distinct]", form).map((input) => input.value);
let asked = "";
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
const found = await answerOf(tools.dataset.alikeAt, question, asking.signal);
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
const button = make("button", { type: "button", class: "button quiet" }, tools.dataset.distinct, make("span", { class: "unseen" }, ` ${label}`));
const item = make("li", {}, name, " ", make("span", { class: "hint" }, note), make("ul", { class: "alike-reasons" }, ...reasons.map((reason) => make("li", {}, reason))), button);
button.addEventListener("click", () => tellApart(id, label, item));
return item;
}
async function tellApart(id, label, item) {
if (value("person") && !(await remember(id))) { announce(tools.dataset.notKept); return; }
if (!value("person")) {
form.append(make("input", { type: "hidden", name: "distinct", value: id }));
changedByTool(form);
}
const next = $("button", item.nextElementSibling ?? item.previousElementSibling ?? box.parentElement);
item.remove();
if (!list.children.length) show([]);
(list.children.length ? next : $("input", names)).focus();
announce(toolWords("keptApart", { label }));
}
async function remember(id) {
const body = new URLSearchParams({ csrf_token: $("input[name=csrf_token]", form).value, do: "distinct", first: value("person"), second: id });
try {
const answer = await fetch(tools.dataset.distinctAt, { method: "POST", body, redirect: "manual" });
return answer.type === "opaqueredirect";
} catch {
return false;
}
}
const typing = resting(500, look);
const telling = (event) => names.contains(event.target) || ["birth-date", "death-date", "gender"].includes(event.target.name);
form.addEventListener("input", (event) => { if (telling(event)) typing(); });
form.addEventListener("change", (event) => { if (telling(event)) typing(); });
look();
});
{
const place = document.querySelector("[data-progress]");
const look = async () => {
try {
const answer = await fetch(place.dataset.progress, { headers: { Accept: "application/json" } });
if (!answer.ok) throw new Error(answer.status);
const told = await answer.json();
if (!told.running) return location.reload();
document.querySelector("#import-state").textContent = told.words;
document.querySelector("#import-line").textContent = told.line;
const bar = document.querySelector("#import-bar");
if (told.share === null) bar.removeAttribute("value");
else bar.value = told.share;
} catch {
}
setTimeout(look, 2000);
};
if (place) setTimeout(look, 1500);
}
{
const file = document.querySelector("input[type=file][data-most]");
file?.addEventListener("change", () => {
const heavy = [...file.files].some((one) => one.size > Number(file.dataset.most));
file.setCustomValidity(heavy ? file.dataset.heavy : "");
if (heavy) file.reportValidity();
});
}
hearTyped();
