// Fields of the advanced search that take values of the vocabularies: each value is completed.
import { combobox, fetchJson, formatCount } from "../shared/combobox.js";
import { $, all, make } from "../shared/dom.js";

/**
 * @param {HTMLElement} holder  the element around the input
 * @param {number} index
 */
function completeValues(holder, index) {
  const form = /** @type {HTMLFormElement} */ (holder.closest("form"));
  const input = $("input", holder);
  const single = "single" in holder.dataset;
  const list = make("ul", { class: "suggestions", id: `values-${index}`, role: "listbox", "aria-label": form.dataset.list ?? "" });
  list.hidden = true;
  holder.append(list);

  /** Return the start and end of the value at the caret; semicolons separate values. */
  function currentRange() {
    if (single) return [0, input.value.length];
    const end = input.value.indexOf(";", input.selectionStart);
    return [input.value.lastIndexOf(";", input.selectionStart - 1) + 1, end < 0 ? input.value.length : end];
  }

  combobox(input, list, {
    getQuery: () => input.value.slice(...currentRange()).trim(),
    async fetchItems(query, signal) {
      const result = await fetchJson(form.dataset.values ?? "", { facet: holder.dataset.facet, q: query, lang: form.dataset.lang }, signal);
      return result?.values;
    },
    renderItem(value) {
      const option = make("li", { class: "suggestion suggestion-value" }, make("span", {}, value.label));
      if (value.note) option.append(" ", make("span", { class: "suggestion-line", dir: "auto" }, value.note));
      if (value.count) option.append(" ", make("span", { class: "count" }, String(value.count)));
      return option;
    },
    selectItem(value) {
      const [start, end] = currentRange();
      const before = start ? " " : "";
      const after = single || end < input.value.length ? "" : "; ";
      input.setRangeText(before + value.text + after, start, end, "end");
    },
    describeCount: (values) => formatCount(form, values.length),
  });
  // Remove the separator after the last value.
  input.addEventListener("blur", () => { if (!single) input.value = input.value.replace(/[;\s]+$/, ""); });
}

all(".autocomplete").forEach(completeValues);
