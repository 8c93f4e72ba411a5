// Dates as people type them: input[data-date]. Below the field stand the interpretation of the text
// and a button that replaces the text with EDTF. The server accepts only EDTF.
import { fetchJson } from "../shared/combobox.js";
import { announce, make } from "../shared/dom.js";
import { attach, debounce, describe, nextId, notifyChange, toolMessage, tools } from "./attach.js";

attach("input[data-date]", (/** @type {HTMLInputElement} */ input) => {
  const reading = make("span");
  const button = make("button", { type: "button", class: "button quiet date-use" });
  const line = make("p", { class: "hint date-reading", id: nextId("reading") }, reading, " ", button);
  line.hidden = button.hidden = true;
  input.after(line);
  describe(input, line);

  let lastText = "";
  let edtf = "";

  function show({ text = "", invalid = false, suggestion = "" }) {
    edtf = suggestion;
    reading.textContent = text;
    line.hidden = !text;
    line.classList.toggle("field-error", invalid);
    button.hidden = !suggestion;
    button.textContent = suggestion && toolMessage("use", { date: suggestion });
  }

  /** @param {boolean} complete  whether the text is complete; until then errors are not shown */
  async function parse(complete) {
    const text = input.value.trim();
    if (!text) { lastText = ""; show({}); return; }
    if (text === lastText && !complete) return;
    lastText = text;
    let result = null;
    try {
      result = await fetchJson(tools.dataset.date, { text });
    } catch {
      // Offline: the form reports errors when it is saved.
    }
    if (!result || input.value.trim() !== text) return;
    if (result.problem) show(complete ? { text: result.problem, invalid: true } : {});
    else show({ text: [result.reading, result.band && `(${result.band})`].filter(Boolean).join(" "), suggestion: result.edtf === text ? "" : result.edtf });
    if (!line.hidden && document.activeElement === input) announce(line.textContent);
  }

  const parseLater = debounce(300, () => parse(false));
  input.addEventListener("input", () => { if (line.classList.contains("field-error")) show({}); parseLater(); });
  input.addEventListener("focus", () => parse(false));
  input.addEventListener("change", () => parse(true));
  button.addEventListener("click", () => {
    input.value = lastText = edtf;
    show({ text: reading.textContent });
    input.focus();
    notifyChange(input);
  });
});
