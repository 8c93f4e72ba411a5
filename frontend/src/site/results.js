// Filters, sorting and paging without leaving the page: the same HTML is fetched and its parts
// take the place of those that are there. The address stays that of the answer.
import { $, all, announce, formQuery, make, targetOf } from "../shared/dom.js";
import { prepareBirths } from "./birth-years.js";
import { showCopyButtons } from "./menus.js";

const REPLACED_IDS = ["results", "filters", "language-switch", "kept"];
/** @type {AbortController | null} */
let pageRequest = null;

function openDetails() {
  return new Map(all("details[id]").map((details) => [details.id, details.open]));
}

function swap(fresh, states) {
  for (const id of REPLACED_IDS) {
    const now = document.getElementById(id);
    const then = fresh.getElementById(id);
    if (now && then) {
      if (now.classList.contains("is-open")) then.classList.add("is-open");
      now.replaceWith(then);
    }
  }
  for (const [id, wasOpen] of states) {
    const details = $(`#${CSS.escape(id)}`);
    if (details) details.open = wasOpen || details.open;
  }
  renewField(fresh);
  document.title = fresh.title;
  prepareResults();
  showCopyButtons();
}

/** The search field has the question that is answered, unless one is typing another. */
function renewField(fresh) {
  const now = $("#q"), then = fresh.getElementById("q");
  if (now !== document.activeElement) now.value = then.value;
  const hint = then.getAttribute("aria-describedby");
  if (hint) now.setAttribute("aria-describedby", hint);
  else now.removeAttribute("aria-describedby");
}

async function loadPage(address, { push = true, top = false, focus = null, scroll = null } = {}) {
  pageRequest?.abort();
  pageRequest = new AbortController();
  $("#results")?.classList.add("is-busy");
  try {
    const answer = await fetch(address, { signal: pageRequest.signal, headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const states = openDetails();
    if (push) {
      history.replaceState({ ...history.state, scroll: scrollY }, "");
      history.pushState({ turned: true }, "", answer.url);
    }
    swap(fresh, states);
    const count = $("#count");
    const target = focus && document.getElementById(focus);
    if (top) { $("#results").scrollIntoView(); count.focus({ preventScroll: true }); }
    else if (target) target.focus({ preventScroll: true });
    else if (push) count.focus({ preventScroll: true });
    if (scroll !== null) scrollTo(0, scroll);
    announce(count.textContent);
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "AbortError") location.assign(address);
  }
}

function formAddress(form) {
  const query = formQuery(form).toString();
  return query ? `${form.action}?${query}` : form.action;
}

function sheet(open) {
  const filters = $("#filters");
  filters.classList.toggle("is-open", open);
  (open ? $(".sheet-close", filters) : $(".sheet-open"))?.focus();
}

function prepareResults() {
  prepareBirths();
  for (const facet of all(".facet")) {
    if (all(".value", facet).length >= 8 && !$(".facet-filter", facet)) addFacetFilter(facet);
  }
}

/** A field above a long list of values, which leaves those that hold what is typed. */
function addFacetFilter(facet) {
  const words = $("#filters").dataset.find;
  const title = $("h3", facet).textContent;
  const field = make("input", { class: "facet-filter", type: "search", "aria-label": `${title}: ${words}`, placeholder: words });
  const page = $(".facet-all a", facet);
  const address = page?.href;
  let folds = null;
  field.addEventListener("input", () => {
    const wanted = foldText(field.value.trim());
    // Everything unfolds while something is sought, and folds again as it was.
    folds ??= all("details", facet).map((details) => [details, details.open]);
    for (const [details, open] of folds) details.open = wanted ? true : open;
    if (!wanted) folds = null;
    for (const item of all(".value", facet)) {
      item.hidden = !all(".value-label", item).some((label) => foldText(label.textContent).includes(wanted));
    }
    if (page) page.href = wanted ? `${address}${address.includes("?") ? "&" : "?"}find=${encodeURIComponent(field.value.trim())}` : address;
  });
  $("summary", facet).after(field);
}

/** A text without case and marks, so that `susa` finds Şuşa. */
function foldText(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ə", "e").replaceAll("ı", "i");
}

if ($("#results[data-live]")) {
  prepareResults();
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (targetOf(event, ".sheet-open")) { event.preventDefault(); sheet(true); return; }
    if (targetOf(event, ".sheet-close")) { event.preventDefault(); sheet(false); $("#results").scrollIntoView(); return; }
    const link = targetOf(event, "a[data-swap], #results .paging a");
    if (!link) return;
    event.preventDefault();
    loadPage(new URL(link.getAttribute("href"), location.href).href, { top: Boolean(link.closest(".paging")), focus: link.id || null });
  });
  document.addEventListener("submit", (event) => {
    const form = targetOf(event, "form[data-swap]");
    if (!form) return;
    event.preventDefault();
    loadPage(formAddress(form));
  });
  document.addEventListener("change", (event) => {
    const select = targetOf(event, "form.sort select");
    if (select) loadPage(formAddress(select.form), { focus: "sort" });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && $("#filters.is-open")) sheet(false);
  });
  addEventListener("popstate", (event) => {
    // A jump within the page, as to the filters, changes nothing that is to be fetched.
    if (event.state || !location.hash) loadPage(location.href, { push: false, scroll: event.state?.scroll ?? 0 });
  });
}
