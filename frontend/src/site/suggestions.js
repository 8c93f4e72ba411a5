// The search field suggests people by name, and as the last option a search for the text.
import { combobox, fetchJson, formatCount } from "../shared/combobox.js";
import { $, all, make } from "../shared/dom.js";

const SIZE = 8;

/** @param {HTMLFormElement} form */
function attachSuggestions(form) {
  const input = $("input[name=q]", form);
  const { lang = "", suggest = "", texts = "" } = form.dataset;
  const list = make("ul", { class: "suggestions", id: "suggestions", role: "listbox", "aria-label": form.dataset.list ?? "" });
  list.hidden = true;
  form.append(list);

  /** @param {Record<string, string>} person */
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

  combobox(input, list, {
    getQuery: () => input.value.trim(),
    async fetchItems(query, signal) {
      const result = await fetchJson(suggest, { q: query, lang, size: SIZE }, signal);
      return result && [...result.suggestions.slice(0, SIZE), { texts: query }];
    },
    renderItem: (item) => item.texts ? make("li", { class: "suggestion suggestion-texts" }, texts.replace("{q}", item.texts)) : renderPerson(item),
    selectItem(item) {
      if (item.texts) form.requestSubmit();
      else location.assign(`/${lang}/people/${item.id}`);
    },
    describeCount: (items) => formatCount(form, items.length - 1),
  });
}

all("form.field").forEach(attachSuggestions);
