// Biobank: <biobank-search> and <biobank-person>, for pages of other sites. See docs/reference/widget.md.
// The bank is the server of this file.
export const BASE_URL = new URL("..", import.meta.url);
export const DEBOUNCE_MS = 150; // ms after the last key
const TIMEOUT_MS = 8000; // ms until a request fails
export const FILTERS = ["profession", "country", "place", "birthplace", "deathplace", "century", "gender", "organisation", "language"];

/** @type {Record<string, Record<string, string>>} */
export const MESSAGES = {
  az: {
    label: "Bioqrafiya Bankında axtarış",
    placeholder: "Ad, yer, peşə…",
    button: "Axtar",
    list: "Şəxslər",
    other: "{n} təklif",
    none: "Heç nə tapılmadı.",
    more: "“{q}” üzrə bütün nəticələr",
    all: "Bioqrafiya Bankındakı bütün şəxslər",
    away: "Bioqrafiya Bankı hazırda əlçatan deyil.",
    way: "Bioqrafiya Bankına keç",
    absent: "Bioqrafiya tapılmadı.",
    gone: "Bu bioqrafiya dərcdən çıxarılıb.",
  },
  en: {
    label: "Search the Biography Bank",
    placeholder: "Name, place, profession…",
    button: "Search",
    list: "People",
    one: "{n} suggestion",
    other: "{n} suggestions",
    none: "No results found.",
    more: "All results for “{q}”",
    all: "All people in the Biography Bank",
    away: "The Biography Bank is currently unavailable.",
    way: "Go to the Biography Bank",
    absent: "Biography not found.",
    gone: "This biography has been withdrawn.",
  },
  ru: {
    label: "Поиск в Банке биографий",
    placeholder: "Имя, место, профессия…",
    button: "Найти",
    list: "Люди",
    one: "{n} вариант",
    few: "{n} варианта",
    many: "{n} вариантов",
    other: "{n} варианта",
    none: "Ничего не найдено.",
    more: "Все результаты по запросу «{q}»",
    all: "Все персоны в Банке биографий",
    away: "Банк биографий сейчас недоступен.",
    way: "Перейти в Банк биографий",
    absent: "Биография не найдена.",
    gone: "Эта биография снята с публикации.",
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
