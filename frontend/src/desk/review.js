// Two edits that met: who writes into the text of both has chosen it.
import { $, all } from "../shared/dom.js";

for (const field of all(".join-field")) {
  $("textarea", field)?.addEventListener("input", () => { $("input[value=text]", field).checked = true; });
}
