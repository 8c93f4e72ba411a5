// The search field as a combobox: people whose names begin so, then the way to the texts.
const SIZE = 8;
const WAIT = 120; // ms after the last key; typing at a good pace leaves about as much between two

function combobox(form) {
  const input = $("input[name=q]", form);
  const list = make("ul", { class: "suggestions", id: "suggestions", role: "listbox", "aria-label": form.dataset.list });
  list.hidden = true;
  form.append(list);
  for (const [key, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-haspopup": "listbox",
  })) input.setAttribute(key, value);

  let active = -1;
  let timer = 0;
  let asking = null;
  let shownFor = "";

  const options = () => all("[role=option]", list);
  const plural = new Intl.PluralRules(form.dataset.lang);

  function choose(index) {
    const found = options();
    active = index;
    found.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index >= 0) {
      input.setAttribute("aria-activedescendant", found[index].id);
      found[index].scrollIntoView({ block: "nearest" });
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
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function person(suggestion, at) {
    const form_ = typeof suggestion.matched === "string" ? suggestion.matched : suggestion.matched?.name;
    const years = suggestion.years ? make("span", { class: "years" }, suggestion.years) : "";
    const line = make("span", { class: "suggestion-line" });
    if (form_ && form_ !== suggestion.name) line.append(make("span", { class: "suggestion-form", dir: "auto" }, form_), suggestion.headline ? " · " : "");
    line.append(suggestion.headline || "");
    const option = make("li", { class: "suggestion", role: "option", id: `suggestion-${at}`, "aria-selected": "false" },
      make("img", { src: `/medallion/${suggestion.id}.svg`, width: "40", height: "40", alt: "" }),
      make("span", { class: "suggestion-name" }, suggestion.name, " ", years), line);
    option.dataset.url = `/${form.dataset.lang}/people/${suggestion.id}`;
    return option;
  }

  function show(question, suggestions) {
    const texts = make("li", { class: "suggestion suggestion-texts", role: "option", id: `suggestion-${suggestions.length}`, "aria-selected": "false" },
      form.dataset.texts.replace("{q}", question));
    list.replaceChildren(...suggestions.map(person), texts);
    shownFor = question;
    choose(-1);
    open();
    const count = suggestions.length;
    const words = form.dataset[`count${plural.select(count).replace(/^./, (c) => c.toUpperCase())}`] ?? form.dataset.countOther;
    announce(count ? words.replace("{n}", count) : form.dataset.none);
  }

  async function ask() {
    const question = input.value.trim();
    if (!question) { list.replaceChildren(); shownFor = ""; close(); return; }
    asking?.abort();
    asking = new AbortController();
    const address = `${form.dataset.suggest}?${new URLSearchParams({ q: question, lang: form.dataset.lang, size: SIZE })}`;
    try {
      const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { suggestions } = await answer.json();
      if (input.value.trim() === question && document.activeElement === input) show(question, suggestions.slice(0, SIZE));
    } catch {
      // Superseded by the next key, or there is no net: the field still asks on Enter.
    }
  }

  function go(index) {
    const option = options()[index];
    if (option?.dataset.url) location.assign(option.dataset.url);
    else { close(); form.requestSubmit(); }
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  input.addEventListener("keydown", (event) => {
    const last = options().length - 1;
    const keys = {
      ArrowDown: () => { if (list.hidden) { if (shownFor && shownFor === input.value.trim()) { open(); choose(0); } else ask(); } else choose(active === last ? -1 : active + 1); },
      ArrowUp: () => { if (!list.hidden) choose(active === -1 ? last : active - 1); },
      Home: () => { if (active < 0) return false; choose(0); },
      End: () => { if (active < 0) return false; choose(last); },
      Enter: () => { if (list.hidden || active < 0) { close(); return false; } go(active); },
      Escape: () => { if (list.hidden) return false; close(); },
      Tab: () => { close(); return false; },
    };
    if (event.isComposing || !(event.key in keys)) return;
    if (keys[event.key]() !== false) event.preventDefault();
  });
  input.addEventListener("blur", close);
  // Before the field loses the focus, so that the list is still there to be clicked.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(options().indexOf(option));
  });
}

all("form.field").forEach(combobox);
