// Dates as people type them: input[data-date]. Beneath stands how the text is read, and a button
// that puts the EDTF in its place. What is typed in words is read by nobody but this script.
import { fetchJson } from "../shared/combobox.js";
import { announce, make } from "../shared/dom.js";
import { attach, debounce, describe, nextId, notifyChange, toolMessage, tools } from "./attach.js";

attach("input[data-date]", (input) => {
  const reading = make("span");
  const use = make("button", { type: "button", class: "button quiet date-use" });
  const line = make("p", { class: "hint date-reading", id: nextId("reading") }, reading, " ", use);
  line.hidden = use.hidden = true;
  input.after(line);
  describe(input, line);

  let asked = "";
  let edtf = "";

  function show({ text = "", wrong = false, offered = "" }) {
    edtf = offered;
    reading.textContent = text;
    line.hidden = !text;
    line.classList.toggle("wrong", wrong);
    use.hidden = !offered;
    use.textContent = offered && toolMessage("use", { date: offered });
  }

  async function read(settled) {
    const text = input.value.trim();
    if (!text) { asked = ""; show({}); return; }
    if (text === asked && !settled) return;
    asked = text;
    let found = null;
    try {
      found = await fetchJson(tools.dataset.date, { text });
    } catch {
      // There is no net: the form tells on saving.
    }
    if (!found || input.value.trim() !== text) return;
    // Half of a date is no mistake yet.
    if (found.problem) show(settled ? { text: found.problem, wrong: true } : {});
    else show({ text: [found.reading, found.band && `(${found.band})`].filter(Boolean).join(" "), offered: found.edtf === text ? "" : found.edtf });
    if (!line.hidden && document.activeElement === input) announce(line.textContent);
  }

  const typing = debounce(300, () => read(false));
  input.addEventListener("input", () => { if (line.classList.contains("wrong")) show({}); typing(); });
  input.addEventListener("focus", () => read(false));
  input.addEventListener("change", () => read(true));
  use.addEventListener("click", () => {
    input.value = asked = edtf;
    show({ text: reading.textContent });
    input.focus();
    notifyChange(input);
  });
});
