// Enhancements of the pages, which also work without scripts.
import { $, replayEarlyInput, targetOf } from "../shared/dom.js";
import "./suggestions.js";
import "./birth-years.js";
import "./results.js";
import "./footnotes.js";
import "./menus.js";
import "./advanced.js";

document.documentElement.classList.add("js");

document.addEventListener("keydown", (event) => {
  const typing = targetOf(event, "input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const field = $("#q");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  }
});

replayEarlyInput();
