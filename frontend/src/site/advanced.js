// The fields of the advanced search that name values: they are completed, one after the other.
import { combobox, fetchJson, formatCount } from "../shared/combobox.js";
import { $, all, make } from "../shared/dom.js";

function completeValues(holder, at) {
  const form = holder.closest("form");
  const input = $("input", holder);
  const single = "single" in holder.dataset;
  const list = make("ul", { class: "suggestions", id: `values-${at}`, role: "listbox", "aria-label": form.dataset.list });
  list.hidden = true;
  holder.append(list);

  /** Where the value begins and ends that the caret is in: semicolons part them. */
  function piece() {
    if (single) return [0, input.value.length];
    const end = input.value.indexOf(";", input.selectionStart);
    return [input.value.lastIndexOf(";", input.selectionStart - 1) + 1, end < 0 ? input.value.length : end];
  }

  combobox(input, list, {
    getQuery: () => input.value.slice(...piece()).trim(),
    async fetchItems(question, signal) {
      const found = await fetchJson(form.dataset.values, { facet: holder.dataset.facet, q: question, lang: form.dataset.lang }, signal);
      return found?.values;
    },
    renderItem(value) {
      const option = make("li", { class: "suggestion suggestion-value" }, make("span", {}, value.label));
      if (value.note) option.append(" ", make("span", { class: "suggestion-line", dir: "auto" }, value.note));
      if (value.count) option.append(" ", make("span", { class: "count" }, String(value.count)));
      return option;
    },
    selectItem(value) {
      const [start, end] = piece();
      const before = start ? " " : "";
      const after = single || end < input.value.length ? "" : "; ";
      input.setRangeText(before + value.text + after, start, end, "end");
    },
    describeCount: (values) => formatCount(form, values.length),
  });
  // The semicolon that waited for one more value.
  input.addEventListener("blur", () => { if (!single) input.value = input.value.replace(/[;\s]+$/, ""); });
}

all(".complete").forEach(completeValues);
