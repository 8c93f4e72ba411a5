// The search field: people whose names begin so, then the way to the texts.
import { combobox, fetchJson, formatCount } from "../shared/combobox.js";
import { $, all, make } from "../shared/dom.js";

const SIZE = 8;

function attachSuggestions(form) {
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
    // A record may have come from a bank whose pictures did not.
    if (suggestion.portrait) face.addEventListener("error", () => { face.src = medallion; }, { once: true });
    return make("li", { class: "suggestion" }, face,
      make("span", { class: "suggestion-name" }, suggestion.name, " ", years), line);
  }

  combobox(input, list, {
    getQuery: () => input.value.trim(),
    async fetchItems(question, signal) {
      const found = await fetchJson(form.dataset.suggest, { q: question, lang: form.dataset.lang, size: SIZE }, signal);
      return found && [...found.suggestions.slice(0, SIZE), { texts: question }];
    },
    renderItem: (item) => item.texts ? make("li", { class: "suggestion suggestion-texts" }, form.dataset.texts.replace("{q}", item.texts)) : person(item),
    selectItem(item) {
      if (item.texts) form.requestSubmit();
      else location.assign(`/${form.dataset.lang}/people/${item.id}`);
    },
    describeCount: (items) => formatCount(form, items.length - 1),
  });
}

all("form.field").forEach(attachSuggestions);
