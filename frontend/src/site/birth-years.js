// Two sliders below the births by decade set the years of the form; the chart follows.
import { $, all, targetOf } from "../shared/dom.js";

export function prepareBirths() {
  const sliders = $(".birth-sliders");
  if (!sliders) return;
  sliders.hidden = false;
  updateSliders();
}

/** Return the years of the form; an empty field is the first or last year of the chart. */
function selectedYears() {
  const { first, end } = $(".birth-sliders").dataset;
  const year = (/** @type {string} */ id, /** @type {number} */ limit) => { const { value } = $(`#${id}`); return value === "" ? limit : Number(value); };
  return [year("born-from", Number(first)), year("born-to", Number(end) - 1)];
}

function updateSliders() {
  const [from, to] = selectedYears();
  const positions = { "slide-from": [from, from], "slide-to": [to + 1, to] };
  for (const [id, [value, year]] of Object.entries(positions)) {
    const slider = $(`#${id}`);
    slider.value = value;
    slider.setAttribute("aria-valuetext", year);
  }
  const hasSelection = $("#born-from").value !== "" || $("#born-to").value !== "";
  const bars = all(".decades a");
  for (const bar of bars) {
    const decade = Number(bar.dataset.first);
    bar.classList.toggle("is-chosen", hasSelection && decade <= to && decade + 9 >= from);
  }
  const selected = bars.map((bar, index) => (bar.classList.contains("is-chosen") ? index : -1)).filter((index) => index >= 0);
  $(".decades").classList.toggle("has-chosen", hasSelection);
  $(".decades-selection").setAttribute("x", 10 * (selected[0] ?? 0));
  $(".decades-selection").setAttribute("width", 10 * selected.length);
}

document.addEventListener("input", (event) => {
  const slider = targetOf(event, ".birth-sliders input");
  if (slider) {
    const from = $("#slide-from"), to = $("#slide-to");
    // The sliders are at least a decade apart.
    if (Number(from.value) >= Number(to.value)) slider.value = slider === from ? Number(to.value) - 10 : Number(from.value) + 10;
    $(`#${slider.dataset.sets}`).value = slider === from ? from.value : Number(to.value) - 1;
    updateSliders();
  } else if (targetOf(event, "#born-from, #born-to") && $(".birth-sliders")) updateSliders();
});
