// The search field suggests people by name, searches by recognised conditions, profession, place, organisation, work and
// award, and as the last option a search for the text.
import { combobox, fetchJson, formatCount } from "../shared/combobox.js";
import { $, all, make } from "../shared/dom.js";

/** Maximum number of people, so that the other groups are seen without scrolling far. */
const SIZE = 5;
const KINDS = ["people", "conditions", "professions", "places", "organisations", "works", "awards"];

/** @typedef {Record<string, any> & { kind: string }} Item */

/** @param {HTMLFormElement} form */
function attachSuggestions(form) {
  const input = $("input[name=q]", form);
  const { lang = "", suggest = "", texts = "" } = form.dataset;
  const list = make("div", { class: "suggestions", id: "suggestions", role: "listbox", "aria-label": form.dataset.list ?? "" });
  list.hidden = true;
  form.append(list);

  /** @param {Item} person */
  function renderPerson(person) {
    const years = person.years ? make("span", { class: "years" }, person.years) : "";
    const line = make("span", { class: "suggestion-line" });
    if (person.matched && person.matched !== person.name) line.append(make("span", { class: "suggestion-form", dir: "auto" }, person.matched), person.headline ? " · " : "");
    line.append(person.headline || "");
    const medallion = `/medallion/${person.id}.svg`;
    const image = make("img", { src: person.portrait || medallion, width: "40", height: "40", alt: "" });
    // An imported record may refer to a picture that was not imported.
    if (person.portrait) image.addEventListener("error", () => { image.src = medallion; }, { once: true });
    return make("li", { class: "suggestion" }, image,
      make("span", { class: "suggestion-name" }, person.name, " ", years), line);
  }

  /** @param {Item} value */
  function renderValue(value) {
    const label = make("span", { class: "suggestion-label" }, value.label);
    if (value.note) label.append(" ", make("span", { class: "suggestion-note", dir: "auto" }, value.note));
    return make("li", { class: "suggestion suggestion-search" }, label, " ", make("span", { class: "count" }, formatCount(form, value.count, "people")));
  }

  /** @type {Record<string, (item: Item) => HTMLElement>} */
  const renderers = {
    people: renderPerson,
    texts: (item) => make("div", { class: "suggestion suggestion-texts" }, texts.replace("{q}", () => item.query)),
  };

  combobox(input, list, {
    getQuery: () => input.value.trim(),
    async fetchItems(query, signal) {
      const result = await fetchJson(suggest, { q: query, lang, size: SIZE, kinds: KINDS.join() }, signal);
      if (!result) return null;
      const groups = [{ kind: "people", suggestions: result.suggestions }, ...result.groups];
      /** @type {Item[]} */
      const items = groups.flatMap(({ kind, suggestions }) => suggestions.map((/** @type {object} */ item) => ({ ...item, kind })));
      return [...items, { kind: "texts", query }];
    },
    renderItem: (item) => (renderers[item.kind] ?? renderValue)(item),
    groupLabel: (item) => (item.kind === "texts" ? "" : form.dataset[item.kind] ?? ""),
    selectItem(item) {
      if (item.kind === "texts") {
        // The words are meant, not the conditions that they may be read as.
        const literal = make("input", { type: "hidden", name: "literal", value: "1" });
        form.append(literal);
        form.requestSubmit();
        literal.remove();
      } else location.assign(item.kind === "people" ? `/${lang}/people/${item.id}` : item.url);
    },
    describeCount: (items) => formatCount(form, items.length - 1),
  });
}

all("form.field").forEach(attachSuggestions);
