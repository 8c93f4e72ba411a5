import { BASE_URL, DEBOUNCE_MS, FILTERS, fetchJson, make } from "./api.js";
import { BankElement } from "./element.js";

export class Search extends BankElement {
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
  set limit(value) { this.setAttribute("limit", String(value)); }

  get value() { return this.input.value; }
  set value(text) { this.input.value = text; }

  get filters() {
    return FILTERS.flatMap((name) => (this.getAttribute(name) ?? "").split(/[\s,]+/).filter(Boolean).map((value) => [name, value]));
  }

  /** Where the whole answer is: the page of the bank. */
  get address() {
    const address = new URL(`${this.language}/search`, BASE_URL);
    address.search = new URLSearchParams([["q", this.value.trim()], ...this.filters]).toString();
    return address.href;
  }

  draw() {
    const { words, form } = this;
    const label = this.getAttribute("label");
    this.caption.textContent = label || words.label;
    this.caption.classList.toggle("visually-hidden", !label);
    this.input.placeholder = this.getAttribute("placeholder") ?? words.placeholder;
    this.list.setAttribute("aria-label", words.list);
    this.button.textContent = words.button;
    for (const part of [this.input, this.button, this.note]) part.lang = this.language;
    if (!label) this.caption.lang = this.language;
    // Without an answer of the bank this is what Enter does.
    form.action = new URL(`${this.language}/search`, BASE_URL);
    form.target = this.target;
    this.kept.replaceChildren(...this.filters.map(([name, value]) => make("input", { type: "hidden", name, value })));
    this.close();
    this.say("");
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), DEBOUNCE_MS);
    });
    input.addEventListener("keydown", (event) => {
      if (!event.isComposing && this.key(event)) event.preventDefault();
    });
    this.addEventListener("focusout", () => this.close());
    // The field keeps the focus while the list is clicked.
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

  /** Whether the key did something here. */
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

  /** Nothing that is on its way is shown any more. */
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

  /** Asks for what stands in the field now; of several questions the last one is answered. */
  async search() {
    const query = this.value.trim();
    this.asking?.abort();
    const { signal } = this.asking = new AbortController();
    try {
      const { cards } = await fetchJson("api/v1/cards", [["q", query], ["lang", this.language], ["size", this.limit], ...this.filters], signal);
      if (!signal.aborted) this.show(query, cards.slice(0, this.limit));
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  show(query, people) {
    const { words } = this;
    const way = query ? words.more.replace("{q}", () => query) : words.all;
    // The list covers the note.
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
    const url = new URL(person.url, BASE_URL).href;
    this.value = person.name;
    if (this.tell("select", { id: person.id, name: person.name, url }, true)) this.link(url).click();
  }

  fail(error) {
    this.close();
    this.say("", true, `${this.words.away} `, this.link(this.address, "link", this.words.way));
    this.tell("error", { status: error.status ?? 0, message: error.message });
  }

  /** Said to screen readers; shown too where there is nothing else to see. */
  say(text, shown = false, ...parts) {
    this.note.classList.toggle("visually-hidden", !shown);
    this.note.replaceChildren(text, ...parts);
  }
}
