// Two sliders below the births by decade set the years of the form; the bars show them at once.
import { $, all, targetOf } from "../shared/dom.js";

export function prepareBirths() {
  const sliders = $(".birth-sliders");
  if (!sliders) return;
  sliders.hidden = false;
  placeSliders();
}

/** The years of the form, open ends as the ends of what is drawn. */
function selectedYears() {
  const { first, end } = $(".birth-sliders").dataset;
  const year = (id, open) => { const { value } = $(`#${id}`); return value === "" ? open : Number(value); };
  return [year("born-from", Number(first)), year("born-to", Number(end) - 1)];
}

function placeSliders() {
  const [from, to] = selectedYears();
  const places = { "slide-from": [from, from], "slide-to": [to + 1, to] };
  for (const [id, [value, year]] of Object.entries(places)) {
    const slider = $(`#${id}`);
    slider.value = value;
    slider.setAttribute("aria-valuetext", year);
  }
  const chosen = $("#born-from").value !== "" || $("#born-to").value !== "";
  const bars = all(".decades a");
  for (const bar of bars) {
    const decade = Number(bar.dataset.first);
    bar.classList.toggle("is-chosen", chosen && decade <= to && decade + 9 >= from);
  }
  const shown = bars.map((bar, at) => (bar.classList.contains("is-chosen") ? at : -1)).filter((at) => at >= 0);
  $(".decades").classList.toggle("has-chosen", chosen);
  $(".decades-band").setAttribute("x", 10 * (shown[0] ?? 0));
  $(".decades-band").setAttribute("width", 10 * shown.length);
}

document.addEventListener("input", (event) => {
  const slider = targetOf(event, ".birth-sliders input");
  if (slider) {
    const from = $("#slide-from"), to = $("#slide-to");
    // A decade at least stays between them.
    if (Number(from.value) >= Number(to.value)) slider.value = slider === from ? Number(to.value) - 10 : Number(from.value) + 10;
    $(`#${slider.dataset.sets}`).value = slider === from ? from.value : Number(to.value) - 1;
    placeSliders();
  } else if (targetOf(event, "#born-from, #born-to") && $(".birth-sliders")) placeSliders();
});
