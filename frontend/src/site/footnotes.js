// Footnotes open where they stand.
import { $, make, targetOf } from "../shared/dom.js";

function openNote(cite) {
  const number = cite.hash.slice("#source-".length);
  const source = document.getElementById(`source-${number}`);
  const place = cite.closest("sup");
  if (!source || !place) return false;
  const open = $(".note");
  const same = open?.dataset.cite === cite.id;
  open?.remove();
  if (same) return true;
  const text = make("span");
  text.append(`${number}. `, ...[...source.childNodes].map((node) => node.cloneNode(true)));
  const locator = cite.title;
  if (locator) text.append(` ${locator}`);
  const close = make("button", { class: "note-close", type: "button", "aria-label": "×" }, "×");
  const note = make("span", { class: "note", role: "note", tabindex: "-1" }, text, close);
  note.dataset.cite = cite.id;
  close.addEventListener("click", () => { note.remove(); cite.focus(); });
  note.addEventListener("keydown", (event) => { if (event.key === "Escape") { note.remove(); cite.focus(); } });
  place.after(note);
  note.focus({ preventScroll: true });
  return true;
}

document.addEventListener("click", (event) => {
  const cite = targetOf(event, "a.cite");
  if (cite && !event.ctrlKey && !event.metaKey && !event.shiftKey && openNote(cite)) event.preventDefault();
});
