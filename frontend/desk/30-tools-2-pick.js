// Fields that name something of the bank: input[data-pick=place]. What is picked stands as
// `Şuşa (susa)`; without this script the same is typed, or a label that means one thing alone.
const PICKED = /\(([a-z0-9-]+)\)\s*$/;

/** One of the things offered: what it is called, and what tells it from its namesakes. */
function choiceRow({ label, note }) {
  return make("li", { class: "pick" }, make("span", { class: "pick-label" }, label), " ", make("span", { class: "hint" }, note));
}

/** Makes a combobox of a field; `before` are choices that stand before those of the bank. */
function pickFrom(input, kind, picked, before = () => []) {
  const list = make("ul", { class: "suggestions picks", id: toolId("picks"), role: "listbox", "aria-label": tools.dataset.choices });
  list.hidden = true;
  input.after(list);
  input.parentElement.classList.add("has-picks");
  combobox(input, list, {
    typed: () => (PICKED.test(input.value) ? "" : input.value.trim()),
    async ask(question, signal) {
      const found = await answerOf(tools.dataset.values, { kind, q: question }, signal);
      const first = before(question);
      return found && [...first, ...found.choices.filter(({ id }) => !first.some((one) => one.id === id))];
    },
    row: choiceRow,
    pick(choice) {
      input.value = `${choice.label.replace(/\s+/g, " ").trim()} (${choice.id})`;
      picked?.(choice);
      announce(toolWords("chosen", { label: choice.label }));
      changedByTool(input);
    },
    tell: (found) => counted(tools, found.length),
    unasked: () => (input.value ? [] : before("")),
  });
}

attach("input[data-pick]", (input) => {
  input.removeAttribute("list"); // which offers the same where no script runs
  pickFrom(input, input.dataset.pick);
});
