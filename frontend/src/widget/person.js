import { fetchJson, make } from "./api.js";
import { BankElement } from "./element.js";

export class Person extends BankElement {
  static observedAttributes = ["id", "person", "lang", "target"];

  /** The id of the person: of attribute `person`, for a second card on a page, or `id`. */
  get person() { return this.getAttribute("person") ?? this.id; }
  set person(id) { this.setAttribute("person", id); }

  async draw() {
    this.request?.abort();
    const { signal } = this.request = new AbortController();
    try {
      const person = await fetchJson(`api/v1/people/${encodeURIComponent(this.person)}/card`, { lang: this.language }, signal);
      if (!signal.aborted) this.show(person);
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  /** @param {Record<string, any>} person */
  show(person) {
    const professions = person.professions.join(", ");
    const lines = make("div", {}, this.link(person.url, "name", make("bdi", {}, person.name)));
    if (person.years) lines.append(" ", make("span", { part: "years" }, person.years));
    if (person.headline) lines.append(make("p", { part: "headline", lang: person.headline_lang }, person.headline));
    if (professions) lines.append(make("p", { part: "professions" }, professions));
    this.fill(this.image(person, 72), lines);
    this.emit("load", { person });
  }

  /**
   * Show that the person is unknown or removed, or that the bank is unavailable.
   * @param {any} error
   */
  fail({ status = 0, message }) {
    const { messages } = this;
    const reason = status === 404 ? messages.absent : status === 410 ? messages.gone : null;
    const path = reason ? "" : `people/${encodeURIComponent(this.person)}`;
    const link = this.link(`${this.language}/${path}`, "link", messages.way);
    this.fill(make("p", { part: "note" }, `${reason ?? messages.away} `, link));
    this.emit("error", { status, message });
  }

  /** @param {...Node} parts */
  fill(...parts) {
    this.root.replaceChildren(make("div", { part: "card", lang: this.language }, ...parts));
  }
}
