// Two edits that met: who writes into the text of both has chosen it.
for (const field of all(".join-field")) {
  $("textarea", field)?.addEventListener("input", () => { $("input[value=text]", field).checked = true; });
}
