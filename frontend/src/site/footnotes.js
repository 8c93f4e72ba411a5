// Citations open their source as a note below the line.
import { $, make, targetOf } from "../shared/dom.js";

/**
 * Open the note of a citation, or close it if it is open. Return whether there is a source to show.
 * @param {HTMLAnchorElement} cite
 */
function toggleNote(cite) {
  const number = cite.hash.slice("#source-".length);
  const source = document.getElementById(`source-${number}`);
  const marker = cite.closest("sup");
  if (!source || !marker) return false;
  const openNote = $(".note");
  openNote?.remove();
  if (openNote?.dataset.cite === cite.id) return true;
  const text = make("span");
  text.append(`${number}. `, ...[...source.childNodes].map((node) => node.cloneNode(true)));
  if (cite.title) text.append(` ${cite.title}`);
  const button = make("button", { class: "note-close", type: "button", "aria-label": "×" }, "×");
  const note = make("span", { class: "note", role: "note", tabindex: "-1" }, text, button);
  note.dataset.cite = cite.id;
  button.addEventListener("click", () => { note.remove(); cite.focus(); });
  note.addEventListener("keydown", (event) => { if (event.key === "Escape") { note.remove(); cite.focus(); } });
  marker.after(note);
  note.focus({ preventScroll: true });
  return true;
}

document.addEventListener("click", (event) => {
  const cite = targetOf(event, "a.cite");
  if (cite && !event.ctrlKey && !event.metaKey && !event.shiftKey && toggleNote(cite)) event.preventDefault();
});
