const STYLE = ":host{--b-accent: #7f2129;--b-on: #fff8ef;--b-ground: #fdfaf3;--b-ink: #2a211c;color-scheme: light;display: block;position: relative}:host([theme=dark]){--b-accent: #f2aaa2;--b-on: #2a0a0c;--b-ground: #251d19;--b-ink: #f3ebdd;color-scheme: dark}@media (prefers-color-scheme: dark){:host(:not([theme=light])){--b-accent: #f2aaa2;--b-on: #2a0a0c;--b-ground: #251d19;--b-ink: #f3ebdd;color-scheme: dark}}:host{--accent: var(--biobank-accent, var(--b-accent));--on: var(--biobank-on-accent, var(--b-on));--ground: var(--biobank-ground, var(--b-ground));--ink: var(--biobank-ink, var(--b-ink));--soft: var(--biobank-soft, color-mix(in srgb, var(--ink) 82%, var(--ground)));--edge: var(--biobank-edge, color-mix(in srgb, var(--ink) 58%, var(--ground)));--rule: var(--biobank-rule, color-mix(in srgb, var(--ink) 18%, var(--ground)));--active: var(--biobank-active, color-mix(in srgb, var(--ink) 10%, var(--ground)));--radius: var(--biobank-radius, 4px)}:host([hidden]), [hidden]{display: none !important}*, ::before{box-sizing: border-box}form, [part~=note], [part=card]{direction: ltr;font-family: var(--biobank-font, inherit);font-style: normal;line-height: 1.45;letter-spacing: normal;text-align: start;text-indent: 0;text-transform: none;white-space: normal;word-spacing: normal}p, ul{margin: 0;padding: 0;list-style: none}a{color: var(--accent);text-underline-offset: .18em}img{border-radius: var(--radius);flex: none}:focus-visible{outline: 3px solid var(--biobank-focus, currentColor);outline-offset: 2px}:is(input, button):focus-visible{outline-offset: -5px}.unseen{position: absolute;width: 1px;height: 1px;overflow: hidden;clip-path: inset(50%);white-space: nowrap}input, [part=list], [part=card]{background: var(--ground);color: var(--ink)}[part=label]{display: block;margin-bottom: .35em}[part=field]{position: relative;display: flex}input, button{font: inherit;min-height: 2.75em;border: 1px solid var(--edge);border-radius: var(--radius)}input{flex: 1;min-width: 0;padding: 0 .8em;border-inline-end: 0;border-start-end-radius: 0;border-end-end-radius: 0;appearance: none}input::placeholder{color: var(--soft);opacity: 1}button{padding: 0 1em;border-start-start-radius: 0;border-end-start-radius: 0;border-color: var(--accent);background: var(--accent);color: var(--on);cursor: pointer}[part=list]{position: absolute;z-index: var(--biobank-layer, 1000);inset-inline: 0;top: calc(100% + 4px);max-height: min(70vh, 32em);overflow-y: auto;border: 1px solid var(--edge);border-radius: var(--radius);box-shadow: 0 8px 24px rgb(0 0 0 / .2)}li{display: grid;grid-template-columns: 40px 1fr;gap: 0 .75em;align-items: center;padding: .5em .8em;cursor: pointer;border-top: 1px solid var(--rule);overflow-wrap: anywhere}li:first-child{border-top: 0}li img{grid-row: span 2;align-self: start;margin-top: .2em}li[aria-selected=true], li:hover{background: var(--active)}li[aria-selected=true]{outline: 3px solid var(--biobank-focus, var(--ink));outline-offset: -3px}[part~=more]{display: block;color: var(--accent)}[part=name]{font-weight: 600}[part=years]{font-weight: 400;font-variant-numeric: tabular-nums;white-space: nowrap}[part=years], [part=line], [part=professions], [part=note]{color: var(--soft);font-size: .9em}[part=note], form + [part=note] a{color: inherit}[part=matched]{color: var(--ink)}[part=note]{margin-top: .5em}[part=card]{display: flex;gap: 1em;align-items: start;padding: 1em;border: 1px solid var(--rule);border-radius: var(--radius);overflow-wrap: anywhere}[part=card] > [part=note]{margin: 0}[part=headline]{margin-top: .25em}";
const BANK = new URL("..", import.meta.url);
const WAIT = 150; // ms after the last key
const PATIENCE = 8000; // ms until the bank counts as away
const FILTERS = ["profession", "country", "place", "birthplace", "deathplace", "century", "gender", "organisation", "language"];
const WORDS = {
az: {
label: "Bioqrafiya bankında axtarış",
placeholder: "Ad, yer, peşə…",
button: "Axtar",
list: "İnsanlar",
other: "{n} nəfər təklif olunur",
none: "Heç kim tapılmadı.",
more: "Bankda axtar: “{q}”",
all: "Hamısı Bioqrafiya bankında",
away: "Bank hazırda cavab vermir.",
way: "Bioqrafiya bankına keçin",
absent: "Bankda belə şəxs yoxdur.",
gone: "Bu şəxs artıq bankda yoxdur.",
},
en: {
label: "Search the Biography Bank",
placeholder: "A name, a place, a profession…",
button: "Search",
list: "People",
one: "{n} person suggested",
other: "{n} people suggested",
none: "Nobody found.",
more: "Search the bank for “{q}”",
all: "All of them in the Biography Bank",
away: "The bank does not answer just now.",
way: "Go to the Biography Bank",
absent: "There is no such person in the bank.",
gone: "This person is not in the bank any more.",
},
ru: {
label: "Поиск в Банке биографий",
placeholder: "Имя, место, профессия…",
button: "Искать",
list: "Люди",
one: "Предложен {n} человек",
few: "Предложено {n} человека",
many: "Предложено {n} человек",
other: "Предложено {n} человека",
none: "Никто не найден.",
more: "Искать в банке: «{q}»",
all: "Все — в Банке биографий",
away: "Банк сейчас не отвечает.",
way: "Перейти в Банк биографий",
absent: "Такого человека в банке нет.",
gone: "Этого человека больше нет в банке.",
},
};
function make(name, attributes = {}, ...children) {
const element = document.createElement(name);
for (const [key, value] of Object.entries(attributes)) if (value != null) element.setAttribute(key, value);
element.append(...children);
return element;
}
async function answerOf(path, values, signal) {
const address = new URL(path, BANK);
address.search = new URLSearchParams(values);
const patience = AbortSignal.timeout(PATIENCE);
const answer = await fetch(address, { credentials: "omit", signal: AbortSignal.any?.([signal, patience]) ?? signal });
if (!answer.ok) throw Object.assign(new Error(answer.statusText), { status: answer.status });
return answer.json();
}
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
class Element extends HTMLElement {
constructor() {
super();
this.attachShadow({ mode: "open", delegatesFocus: true }).adoptedStyleSheets = [sheet];
}
connectedCallback() { this.attributeChangedCallback(); }
disconnectedCallback() {
clearTimeout(this.timer);
this.asking?.abort();
}
attributeChangedCallback() {
if (this.waiting) return;
this.waiting = true;
queueMicrotask(() => {
this.waiting = false;
if (this.isConnected) this.draw();
});
}
get language() {
const said = (this.closest("[lang]")?.lang ?? "").slice(0, 2).toLowerCase();
return said in WORDS ? said : "az";
}
get words() { return WORDS[this.language]; }
get target() { return this.getAttribute("target") ?? "_self"; }
tell(type, detail, cancelable = false) {
return this.dispatchEvent(new CustomEvent(`biobank-${type}`, { detail, cancelable, bubbles: true, composed: true }));
}
link(address, part, ...children) {
return make("a", { part, href: new URL(address, BANK), target: this.target, rel: "noopener" }, ...children);
}
face(person, size) {
return make("img", { part: "image", src: new URL(person.image, BANK), width: size, height: size, alt: "", loading: "lazy" });
}
}
class Search extends Element {
static observedAttributes = ["lang", "limit", "placeholder", "label", "target", ...FILTERS];
constructor() {
super();
this.options = [];
this.active = -1;
this.input = make("input", {
part: "input", id: "q", name: "q", type: "search", maxlength: 200, dir: "auto", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": "list",
});
this.caption = make("label", { part: "label", for: "q" });
this.button = make("button", { part: "button" });
this.list = make("ul", { part: "list", id: "list", role: "listbox", hidden: "" });
this.kept = make("span", { hidden: "" });
this.note = make("p", { part: "note", role: "status" });
this.form = make("form", { part: "form" }, this.caption, make("div", { part: "field" }, this.input, this.button, this.list), this.kept);
this.shadowRoot.append(this.form, this.note);
this.listen();
}
get limit() { return Math.min(Math.max(parseInt(this.getAttribute("limit")) || 8, 1), 20); }
set limit(value) { this.setAttribute("limit", value); }
get value() { return this.input.value; }
set value(text) { this.input.value = text; }
get filters() {
return FILTERS.flatMap((name) => (this.getAttribute(name) ?? "").split(/[\s,]+/).filter(Boolean).map((value) => [name, value]));
}
get address() {
const address = new URL(`${this.language}/search`, BANK);
address.search = new URLSearchParams([["q", this.value.trim()], ...this.filters]);
return address.href;
}
draw() {
const { words, form } = this;
const label = this.getAttribute("label");
this.caption.textContent = label || words.label;
this.caption.classList.toggle("unseen", !label);
this.input.placeholder = this.getAttribute("placeholder") ?? words.placeholder;
this.list.setAttribute("aria-label", words.list);
this.button.textContent = words.button;
for (const part of [this.input, this.button, this.note]) part.lang = this.language;
if (!label) this.caption.lang = this.language;
form.action = new URL(`${this.language}/search`, BANK);
form.target = this.target;
this.kept.replaceChildren(...this.filters.map(([name, value]) => make("input", { type: "hidden", name, value })));
this.close();
this.say("");
}
listen() {
const { input, list } = this;
input.addEventListener("input", () => {
clearTimeout(this.timer);
this.timer = setTimeout(() => this.search(), WAIT);
});
input.addEventListener("keydown", (event) => {
if (!event.isComposing && this.key(event)) event.preventDefault();
});
this.addEventListener("focusout", () => this.close());
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
const option = event.target.closest("li");
if (option) this.take([...list.children].indexOf(option));
});
this.form.addEventListener("submit", (event) => {
this.close();
if (!this.tell("submit", { query: this.value.trim(), url: this.address }, true)) event.preventDefault();
});
}
key({ key }) {
const { active, options, list } = this;
const last = options.length - 1;
if (list.hidden) {
if (key !== "ArrowDown") return key === "Enter" && this.close();
this.search();
} else if (key === "ArrowDown") this.choose(active === last ? -1 : active + 1);
else if (key === "ArrowUp") this.choose(active < 0 ? last : active - 1);
else if (key === "Home" && active >= 0) this.choose(0);
else if (key === "End" && active >= 0) this.choose(last);
else if (key === "Enter" && active >= 0) this.take(active);
else if (key === "Escape") this.close();
else return key === "Tab" && this.close();
return true;
}
choose(index) {
this.active = index;
this.options.forEach((_, at) => this.list.children[at].setAttribute("aria-selected", at === index));
if (index < 0) return this.input.removeAttribute("aria-activedescendant");
this.input.setAttribute("aria-activedescendant", `o${index}`);
this.list.children[index].scrollIntoView({ block: "nearest" });
}
close() {
clearTimeout(this.timer);
this.asking?.abort();
this.open(false);
this.choose(-1);
}
open(yes) {
this.list.hidden = !yes;
this.input.setAttribute("aria-expanded", yes);
}
async search() {
const query = this.value.trim();
this.asking?.abort();
const { signal } = this.asking = new AbortController();
try {
const { cards } = await answerOf("api/v1/cards", [["q", query], ["lang", this.language], ["size", this.limit], ...this.filters], signal);
if (!signal.aborted) this.show(query, cards.slice(0, this.limit));
} catch (error) {
if (!signal.aborted) this.fail(error);
}
}
show(query, people) {
const { words } = this;
const way = query ? words.more.replace("{q}", () => query) : words.all;
const more = people.length ? way : `${words.none} ${way}`;
this.options = [...people, null];
this.list.replaceChildren(...people.map((person) => this.row(person)), make("li", { part: "option more", lang: this.language }, more));
[...this.list.children].forEach((option, at) => {
option.id = `o${at}`;
option.setAttribute("role", "option");
});
this.choose(-1);
this.open(true);
const found = words[new Intl.PluralRules(this.language).select(people.length)] ?? words.other;
this.say(people.length ? found.replace("{n}", people.length) : words.none);
this.tell("results", { query, people });
}
row(person) {
const line = make("span", { part: "line" });
if (person.matched) line.append(make("bdi", { part: "matched" }, person.matched), person.headline && " · ");
line.append(make("span", { lang: person.headline_lang }, person.headline));
return make("li", { part: "option" }, this.face(person, 40),
make("span", { part: "name" }, make("bdi", {}, person.name), " ", make("span", { part: "years" }, person.years)), line);
}
take(index) {
const person = this.options[index];
this.close();
if (!person) return this.form.requestSubmit();
const url = new URL(person.url, BANK).href;
this.value = person.name;
if (this.tell("select", { id: person.id, name: person.name, url }, true)) this.link(url).click();
}
fail(error) {
this.close();
this.say("", true, `${this.words.away} `, this.link(this.address, "link", this.words.way));
this.tell("error", { status: error.status ?? 0, message: error.message });
}
say(text, shown = false, ...parts) {
this.note.classList.toggle("unseen", !shown);
this.note.replaceChildren(text, ...parts);
}
}
class Person extends Element {
static observedAttributes = ["id", "person", "lang", "target"];
get person() { return this.getAttribute("person") ?? this.id; }
set person(id) { this.setAttribute("person", id); }
async draw() {
this.asking?.abort();
const { signal } = this.asking = new AbortController();
try {
const person = await answerOf(`api/v1/people/${encodeURIComponent(this.person)}/card`, { lang: this.language }, signal);
if (!signal.aborted) this.show(person);
} catch (error) {
if (!signal.aborted) this.fail(error);
}
}
show(person) {
const professions = person.professions.join(", ");
const lines = make("div", {}, this.link(person.url, "name", make("bdi", {}, person.name)));
if (person.years) lines.append(" ", make("span", { part: "years" }, person.years));
if (person.headline) lines.append(make("p", { part: "headline", lang: person.headline_lang }, person.headline));
if (professions) lines.append(make("p", { part: "professions" }, professions));
this.fill(this.face(person, 72), lines);
this.tell("load", { person });
}
fail({ status = 0, message }) {
const { words } = this;
const told = { 404: words.absent, 410: words.gone }[status];
const way = this.link(told ? `${this.language}/` : `${this.language}/people/${encodeURIComponent(this.person)}`, "link", words.way);
this.fill(make("p", { part: "note" }, `${told ?? words.away} `, way));
this.tell("error", { status, message });
}
fill(...parts) {
this.shadowRoot.replaceChildren(make("div", { part: "card", lang: this.language }, ...parts));
}
}
for (const [name, its] of [["biobank-search", Search], ["biobank-person", Person]]) customElements.get(name) ?? customElements.define(name, its);
