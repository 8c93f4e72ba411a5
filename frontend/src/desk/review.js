// Conflicting edits: editing the merged text selects it.
import { $, all } from "../shared/dom.js";

for (const field of all(".conflict-field")) {
  $("textarea", field)?.addEventListener("input", () => { $("input[value=text]", field).checked = true; });
}
