// Biobank: <biobank-search> and <biobank-person>, for pages of other sites. See docs/reference/widget.md.
// The bank is the server of this file.
export const BASE_URL = new URL("..", import.meta.url);
export const DEBOUNCE_MS = 150; // ms after the last key
const TIMEOUT_MS = 8000; // ms until a request fails
export const FILTERS = ["profession", "country", "place", "birthplace", "deathplace", "century", "gender", "organisation", "language"];

/** @type {Record<string, Record<string, string>>} */
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

/**
 * Make an element with attributes and children. Strings become text: nothing is parsed as HTML.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value != null) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/**
 * Return the JSON of a GET request. Errors of the server have its `status`.
 * @param {string} path
 * @param {Record<string, string> | string[][]} values
 * @param {AbortSignal} signal
 */
export async function fetchJson(path, values, signal) {
  const url = new URL(path, BASE_URL);
  url.search = new URLSearchParams(values).toString();
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, { credentials: "omit", signal: AbortSignal.any?.([signal, timeout]) ?? signal });
  if (!response.ok) throw Object.assign(new Error(response.statusText), { status: response.status });
  return response.json();
}
