// An input with a list of what may be meant: the keys, the focus and the roles of a combobox,
// whatever is listed. `ask` fetches the items for what is typed, `row` shows one, `pick` takes it
// (false: the key goes on to do what it does), `tell` says how many there are, `unasked` are those
// that are listed before anything is typed.
const WAIT = 120; // ms after the last key; typing at a good pace leaves about as much between two

function combobox(input, list, { typed, ask, row, pick, tell, unasked }) {
  for (const [key, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-haspopup": "listbox",
  })) input.setAttribute(key, value);

  let items = [];
  let active = -1;
  let timer = 0;
  let asking = null;
  let shownFor = "";

  function choose(index) {
    active = index;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index >= 0) {
      input.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function open() {
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function show(question, found) {
    items = found;
    list.replaceChildren(...items.map((item, at) => {
      const option = row(item);
      for (const [key, value] of Object.entries({ role: "option", id: `${list.id}-${at}`, "aria-selected": "false" })) option.setAttribute(key, value);
      return option;
    }));
    shownFor = question;
    choose(-1);
    open();
    if (question || items.length) announce(tell(items));
  }

  async function look() {
    const question = typed();
    if (!question) { show("", unasked?.() ?? []); if (!items.length) close(); return; }
    asking?.abort();
    asking = new AbortController();
    try {
      const found = await ask(question, asking.signal);
      if (found && typed() === question && document.activeElement === input) show(question, found);
    } catch {
      // Superseded by the next key, or there is no net: the form still asks on Enter.
    }
  }

  function take(index) {
    const item = items[index];
    close();
    shownFor = "";
    pick(item);
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, WAIT); });
  input.addEventListener("keydown", (event) => {
    const last = items.length - 1;
    const keys = {
      ArrowDown: () => { if (list.hidden) { if (items.length && shownFor === typed()) { open(); choose(0); } else look(); } else choose(active === last ? -1 : active + 1); },
      ArrowUp: () => { if (!list.hidden) choose(active === -1 ? last : active - 1); },
      Home: () => { if (active < 0) return false; choose(0); },
      End: () => { if (active < 0) return false; choose(last); },
      Enter: () => { if (list.hidden || active < 0) { close(); return false; } take(active); },
      Escape: () => { if (list.hidden) return false; close(); },
      Tab: () => { close(); return false; },
    };
    if (event.isComposing || !(event.key in keys)) return;
    if (keys[event.key]() !== false) event.preventDefault();
  });
  if (unasked) input.addEventListener("focus", () => { if (!input.value) look(); });
  input.addEventListener("blur", close);
  // Before the field loses the focus, so that the list is still there to be clicked.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take([...list.children].indexOf(option));
  });
}

/** How many are listed, in the words that a form brings along for each plural category. */
function counted({ dataset }, count) {
  const category = new Intl.PluralRules(dataset.lang).select(count).replace(/^./, (c) => c.toUpperCase());
  return count ? (dataset[`count${category}`] ?? dataset.countOther).replace("{n}", count) : dataset.none;
}

/** What the API answers to a list of arguments; nothing where it refuses. */
async function answerOf(address, values, signal) {
  const answer = await fetch(`${address}?${new URLSearchParams(values)}`, { signal, headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : null;
}
