import { fetchJson, make } from "./api.js";
import { BankElement } from "./element.js";

export class Person extends BankElement {
  static observedAttributes = ["id", "person", "lang", "target"];

  /** Two cards of one person on a page cannot share an id: `person` says whose it is, too. */
  get person() { return this.getAttribute("person") ?? this.id; }
  set person(id) { this.setAttribute("person", id); }

  async draw() {
    this.asking?.abort();
    const { signal } = this.asking = new AbortController();
    try {
      const person = await fetchJson(`api/v1/people/${encodeURIComponent(this.person)}/card`, { lang: this.language }, signal);
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

  /** Gone for good, never there, or only away: each in a sentence. */
  /** @param {any} error */
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
