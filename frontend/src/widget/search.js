import { BASE_URL, DEBOUNCE_MS, FILTERS, fetchJson, make } from "./api.js";
import { BankElement } from "./element.js";

export class Search extends BankElement {
  static observedAttributes = ["lang", "limit", "placeholder", "label", "target", ...FILTERS];

  constructor() {
    super();
    /** @type {(Record<string, any> | null)[]} */
    this.options = [];
    this.active = -1;
    this.input = make("input", {
      part: "input", id: "q", name: "q", type: "search", maxlength: 200, dir: "auto", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
      role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": "list",
    });
    this.caption = make("label", { part: "label", for: "q" });
    this.button = make("button", { part: "button" });
    this.list = make("ul", { part: "list", id: "list", role: "listbox", hidden: "" });
    this.hiddenFields = make("span", { hidden: "" });
    this.note = make("p", { part: "note", role: "status" });
    this.form = make("form", { part: "form" }, this.caption, make("div", { part: "field" }, this.input, this.button, this.list), this.hiddenFields);
    this.root.append(this.form, this.note);
    this.listen();
  }

  get limit() { return Math.min(Math.max(parseInt(this.getAttribute("limit") ?? "") || 8, 1), 20); }
  set limit(value) { this.setAttribute("limit", String(value)); }

  get value() { return this.input.value; }
  set value(text) { this.input.value = text; }

  get filters() {
    return FILTERS.flatMap((name) => (this.getAttribute(name) ?? "").split(/[\s,]+/).filter(Boolean).map((value) => [name, value]));
  }

  /** The page of the bank with all results. */
  get searchUrl() {
    const url = new URL(`${this.language}/search`, BASE_URL);
    url.search = new URLSearchParams([["q", this.value.trim()], ...this.filters]).toString();
    return url.href;
  }

  draw() {
    const { messages, form } = this;
    const label = this.getAttribute("label");
    this.caption.textContent = label || messages.label;
    this.caption.classList.toggle("visually-hidden", !label);
    this.input.placeholder = this.getAttribute("placeholder") ?? messages.placeholder;
    this.list.setAttribute("aria-label", messages.list);
    this.button.textContent = messages.button;
    for (const part of [this.input, this.button, this.note]) part.lang = this.language;
    if (!label) this.caption.lang = this.language;
    // Enter submits the form.
    form.action = new URL(`${this.language}/search`, BASE_URL).href;
    form.target = this.target;
    this.hiddenFields.replaceChildren(...this.filters.map(([name, value]) => make("input", { type: "hidden", name, value })));
    this.close();
    this.showNote("");
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), DEBOUNCE_MS);
    });
    input.addEventListener("keydown", (event) => {
      if (!event.isComposing && this.handleKey(event)) event.preventDefault();
    });
    this.addEventListener("focusout", () => this.close());
    // Keep the focus in the field while the list is clicked.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target instanceof Element ? event.target.closest("li") : null;
      if (option) this.select([...list.children].indexOf(option));
    });
    this.form.addEventListener("submit", (event) => {
      this.close();
      if (!this.emit("submit", { query: this.value.trim(), url: this.searchUrl }, true)) event.preventDefault();
    });
  }

  /**
   * Return whether the key was handled.
   * @param {KeyboardEvent} event
   */
  handleKey({ key }) {
    const { active, options, list } = this;
    const last = options.length - 1;
    if (list.hidden) {
      if (key !== "ArrowDown") return key === "Enter" && this.close();
      this.search();
    } else if (key === "ArrowDown") this.activate(active === last ? -1 : active + 1);
    else if (key === "ArrowUp") this.activate(active < 0 ? last : active - 1);
    else if (key === "Home" && active >= 0) this.activate(0);
    else if (key === "End" && active >= 0) this.activate(last);
    else if (key === "Enter" && active >= 0) this.select(active);
    else if (key === "Escape") this.close();
    else return key === "Tab" && this.close();
    return true;
  }

  /** @param {number} index */
  activate(index) {
    this.active = index;
    this.options.forEach((_, at) => this.list.children[at].setAttribute("aria-selected", String(at === index)));
    if (index < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", `o${index}`);
    this.list.children[index].scrollIntoView({ block: "nearest" });
  }

  /** Close the list and cancel the request. */
  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.toggle(false);
    this.activate(-1);
  }

  /** @param {boolean} isOpen */
  toggle(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }

  /** Fetch the people for the text of the field, and cancel the previous request. */
  async search() {
    const query = this.value.trim();
    this.request?.abort();
    const { signal } = this.request = new AbortController();
    try {
      const { cards } = await fetchJson("api/v1/cards", [["q", query], ["lang", this.language], ["size", String(this.limit)], ...this.filters], signal);
      if (!signal.aborted) this.show(query, cards.slice(0, this.limit));
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  /**
   * @param {string} query
   * @param {Record<string, any>[]} people
   */
  show(query, people) {
    const { messages } = this;
    const searchLabel = query ? messages.more.replace("{q}", () => query) : messages.all;
    // The list covers the note.
    const more = people.length ? searchLabel : `${messages.none} ${searchLabel}`;
    this.options = [...people, null];
    this.list.replaceChildren(...people.map((person) => this.renderOption(person)), make("li", { part: "option more", lang: this.language }, more));
    [...this.list.children].forEach((option, at) => {
      option.id = `o${at}`;
      option.setAttribute("role", "option");
    });
    this.activate(-1);
    this.toggle(true);
    const count = messages[new Intl.PluralRules(this.language).select(people.length)] ?? messages.other;
    this.showNote(people.length ? count.replace("{n}", String(people.length)) : messages.none);
    this.emit("results", { query, people });
  }

  /** @param {Record<string, any>} person */
  renderOption(person) {
    const line = make("span", { part: "line" });
    if (person.matched) line.append(make("bdi", { part: "matched" }, person.matched), person.headline && " · ");
    line.append(make("span", { lang: person.headline_lang }, person.headline));
    return make("li", { part: "option" }, this.image(person, 40),
      make("span", { part: "name" }, make("bdi", {}, person.name), " ", make("span", { part: "years" }, person.years)), line);
  }

  /** @param {number} index */
  select(index) {
    const person = this.options[index];
    this.close();
    if (!person) return this.form.requestSubmit();
    const url = new URL(person.url, BASE_URL).href;
    this.value = person.name;
    if (this.emit("select", { id: person.id, name: person.name, url }, true)) this.link(url, null).click();
  }

  /** @param {any} error */
  fail(error) {
    this.close();
    this.showNote("", true, `${this.messages.away} `, this.link(this.searchUrl, "link", this.messages.way));
    this.emit("error", { status: error.status ?? 0, message: error.message });
  }

  /**
   * Announce a text to screen readers.
   * @param {string} text
   * @param {boolean} isVisible
   * @param {...(Node | string)} parts
   */
  showNote(text, isVisible = false, ...parts) {
    this.note.classList.toggle("visually-hidden", !isVisible);
    this.note.replaceChildren(text, ...parts);
  }
}
