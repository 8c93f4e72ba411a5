// Filters, sorting and paging without loading a page: the HTML of the new results is fetched and
// replaces parts of the page. The URL of the page is that of the results.
import { $, all, announce, formQuery, make, targetOf } from "../shared/dom.js";
import { prepareBirths } from "./birth-years.js";
import { showCopyButtons } from "./menus.js";

const REPLACED_IDS = ["results", "filters", "language-switch", "filter-fields"];
/** @type {AbortController | null} */
let pageRequest = null;

function openDetails() {
  return new Map(all("details[id]").map((details) => [details.id, details.open]));
}

/**
 * Replace the parts of the page by those of another.
 * @param {Document} page
 * @param {Map<string, boolean>} openStates  of the details by id
 */
function replaceParts(page, openStates) {
  for (const id of REPLACED_IDS) {
    const current = document.getElementById(id);
    const next = page.getElementById(id);
    if (current && next) {
      if (current.classList.contains("is-open")) next.classList.add("is-open");
      current.replaceWith(next);
    }
  }
  for (const [id, wasOpen] of openStates) {
    const details = $(`#${CSS.escape(id)}`);
    if (details) details.open = wasOpen || details.open;
  }
  updateSearchField(page);
  document.title = page.title;
  prepareResults();
  showCopyButtons();
}

/**
 * Show the query of another page in the search field, unless someone is typing in it.
 * @param {Document} page
 */
function updateSearchField(page) {
  const current = $("#q"), next = $("#q", page);
  if (current !== document.activeElement) current.value = next.value;
  const hint = next.getAttribute("aria-describedby");
  if (hint) current.setAttribute("aria-describedby", hint);
  else current.removeAttribute("aria-describedby");
}

/**
 * @param {string} url
 * @param {object} options
 * @param {boolean} [options.push]  whether to add an entry to the history
 * @param {boolean} [options.top]  whether to scroll to the first result
 * @param {string | null} [options.focus]  the id of the element to focus
 * @param {number | null} [options.scroll]  the position to scroll to
 */
async function loadPage(url, { push = true, top = false, focus = null, scroll = null } = {}) {
  pageRequest?.abort();
  pageRequest = new AbortController();
  $("#results")?.classList.add("is-busy");
  try {
    const response = await fetch(url, { signal: pageRequest.signal, headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const openStates = openDetails();
    if (push) {
      history.replaceState({ ...history.state, scroll: scrollY }, "");
      history.pushState({ paged: true }, "", response.url);
    }
    replaceParts(page, openStates);
    const count = $("#count");
    const target = focus && document.getElementById(focus);
    if (top) { $("#results").scrollIntoView(); count.focus({ preventScroll: true }); }
    else if (target) target.focus({ preventScroll: true });
    else if (push) count.focus({ preventScroll: true });
    if (scroll !== null) scrollTo(0, scroll);
    announce(count.textContent);
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "AbortError") location.assign(url);
  }
}

/** @param {HTMLFormElement} form */
function formUrl(form) {
  const query = formQuery(form).toString();
  return query ? `${form.action}?${query}` : form.action;
}

/**
 * Open or close the filters on narrow screens.
 * @param {boolean} isOpen
 */
function toggleFilters(isOpen) {
  const filters = $("#filters");
  filters.classList.toggle("is-open", isOpen);
  (isOpen ? $(".sheet-close", filters) : $(".sheet-open"))?.focus();
}

function prepareResults() {
  prepareBirths();
  for (const facet of all(".facet")) {
    if (all(".value", facet).length >= 8 && !$(".facet-filter", facet)) addFacetFilter(facet);
  }
}

/**
 * Add a field above a long list of values that filters them.
 * @param {HTMLElement} facet
 */
function addFacetFilter(facet) {
  const label = $("#filters").dataset.find;
  const title = $("h3", facet).textContent;
  const field = make("input", { class: "facet-filter", type: "search", "aria-label": `${title}: ${label}`, placeholder: label });
  const allLink = $(".facet-all a", facet);
  const allUrl = allLink?.href;
  /** @type {[HTMLDetailsElement, boolean][] | null} */
  let openStates = null;
  field.addEventListener("input", () => {
    const text = foldText(field.value.trim());
    // All details are open while the field has text, and as before afterwards.
    openStates ??= all("details", facet).map((details) => [details, details.open]);
    for (const [details, wasOpen] of openStates) details.open = text ? true : wasOpen;
    if (!text) openStates = null;
    for (const item of all(".value", facet)) {
      item.hidden = !all(".value-label", item).some((element) => foldText(element.textContent).includes(text));
    }
    if (allLink) allLink.href = text ? `${allUrl}${allUrl.includes("?") ? "&" : "?"}find=${encodeURIComponent(field.value.trim())}` : allUrl;
  });
  $("summary", facet).after(field);
}

/**
 * Return a text without case and diacritics, so that `susa` matches Şuşa.
 * @param {string} text
 */
function foldText(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ə", "e").replaceAll("ı", "i");
}

if ($("#results[data-live]")) {
  prepareResults();
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (targetOf(event, ".sheet-open")) { event.preventDefault(); toggleFilters(true); return; }
    if (targetOf(event, ".sheet-close")) { event.preventDefault(); toggleFilters(false); $("#results").scrollIntoView(); return; }
    const link = targetOf(event, "a[data-swap], #results .paging a");
    if (!link) return;
    event.preventDefault();
    loadPage(new URL(link.getAttribute("href"), location.href).href, { top: Boolean(link.closest(".paging")), focus: link.id || null });
  });
  document.addEventListener("submit", (event) => {
    const form = targetOf(event, "form[data-swap]");
    if (!form) return;
    event.preventDefault();
    loadPage(formUrl(form));
  });
  document.addEventListener("change", (event) => {
    const select = targetOf(event, "form.sort select");
    if (select) loadPage(formUrl(select.form), { focus: "sort" });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && $("#filters.is-open")) toggleFilters(false);
  });
  addEventListener("popstate", (event) => {
    // A jump within the page, as to the filters, needs no other results.
    if (event.state || !location.hash) loadPage(location.href, { push: false, scroll: event.state?.scroll ?? 0 });
  });
}
