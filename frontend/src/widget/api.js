// Biobank: <biobank-search> and <biobank-person>, for pages of other sites. docs/reference/widget.md tells all.
// Where this file lies, there is the bank.
export const BASE_URL = new URL("..", import.meta.url);
export const DEBOUNCE_MS = 150; // ms after the last key
const TIMEOUT_MS = 8000; // ms until the bank counts as away
export const FILTERS = ["profession", "country", "place", "birthplace", "deathplace", "century", "gender", "organisation", "language"];

export const MESSAGES = {
  az: {
    label: "Bioqrafiya bankında axtarış",
    placeholder: "Ad, yer, peşə…",
    button: "Axtar",
    list: "İnsanlar",
    other: "{n} nəfər təklif olunur",
    none: "Heç kim tapılmadı.",
    more: "Bankda axtar: “{q}”",
    all: "Hamısı Bioqrafiya bankında",
    away: "Bank hazırda cavab vermir.",
    way: "Bioqrafiya bankına keçin",
    absent: "Bankda belə şəxs yoxdur.",
    gone: "Bu şəxs artıq bankda yoxdur.",
  },
  en: {
    label: "Search the Biography Bank",
    placeholder: "A name, a place, a profession…",
    button: "Search",
    list: "People",
    one: "{n} person suggested",
    other: "{n} people suggested",
    none: "Nobody found.",
    more: "Search the bank for “{q}”",
    all: "All of them in the Biography Bank",
    away: "The bank does not answer just now.",
    way: "Go to the Biography Bank",
    absent: "There is no such person in the bank.",
    gone: "This person is not in the bank any more.",
  },
  ru: {
    label: "Поиск в Банке биографий",
    placeholder: "Имя, место, профессия…",
    button: "Искать",
    list: "Люди",
    one: "Предложен {n} человек",
    few: "Предложено {n} человека",
    many: "Предложено {n} человек",
    other: "Предложено {n} человека",
    none: "Никто не найден.",
    more: "Искать в банке: «{q}»",
    all: "Все — в Банке биографий",
    away: "Банк сейчас не отвечает.",
    way: "Перейти в Банк биографий",
    absent: "Такого человека в банке нет.",
    gone: "Этого человека больше нет в банке.",
  },
};

/** An element with attributes and children, all as text: nothing is ever read as HTML. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value != null) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** What the bank answers; an error that knows the status where it refuses, 0 where it is away. */
export async function fetchJson(path, values, signal) {
  const address = new URL(path, BASE_URL);
  address.search = new URLSearchParams(values).toString();
  const patience = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(address, { credentials: "omit", signal: AbortSignal.any?.([signal, patience]) ?? signal });
  if (!answer.ok) throw Object.assign(new Error(answer.statusText), { status: answer.status });
  return answer.json();
}
