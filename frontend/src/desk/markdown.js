// Biographies: textarea[data-markdown] gets a preview, as on the public page, and a panel that
// inserts a citation at the caret: [@id, p. 12].
import { $, all, make } from "../shared/dom.js";
import { attach, debounce, nextId, toolMessage, tools } from "./attach.js";
import { CHOICE_ID, attachPicker } from "./reference-picker.js";

attach("textarea[data-markdown]", (/** @type {HTMLTextAreaElement} */ area) => {
  const preview = make("div", { class: "preview", id: nextId("preview"), role: "region", "aria-label": tools.dataset.previewTitle, lang: area.lang });
  const panel = make("div", { class: "citing", id: nextId("citing"), role: "group", "aria-label": tools.dataset.cite });
  const previewButton = make("button", { type: "button", class: "button quiet", "aria-expanded": "false", "aria-controls": preview.id }, tools.dataset.preview);
  const citeButton = make("button", { type: "button", class: "button quiet", "aria-expanded": "false", "aria-controls": panel.id }, tools.dataset.cite);
  preview.hidden = panel.hidden = true;
  area.after(make("p", { class: "markdown-actions" }, previewButton, " ", citeButton), panel, preview);
  startPreview(area, preview, previewButton);
  addCitationPanel(area, panel, citeButton);
});

/**
 * Return the sources that other fields of the same form contain.
 * @param {Element} area
 */
function formSources(area) {
  /** @type {Map<string, string>} */
  const labels = new Map();
  for (const { value } of all("input[data-picker=source]", area.closest("form") ?? document)) {
    const id = CHOICE_ID.exec(value)?.[1] ?? (/^[a-z0-9-]+$/.test(value.trim()) ? value.trim() : "");
    if (id) labels.set(id, value.replace(CHOICE_ID, "").trim() || id);
  }
  return [...labels].map(([id, label]) => ({ id, label, note: tools.dataset.inForm }));
}

/**
 * Show a preview below the text while its button is pressed.
 * @param {HTMLTextAreaElement} area
 * @param {HTMLElement} preview
 * @param {HTMLButtonElement} button
 */
function startPreview(area, preview, button) {
  /** @type {AbortController | null} */
  let request = null;

  async function render() {
    const body = new FormData();
    body.append("csrf_token", $("input[name=csrf_token]", area.closest("form") ?? document)?.value ?? "");
    body.append("text", area.value);
    body.append("lang", area.lang);
    for (const { id } of formSources(area)) body.append("sources", id);
    request?.abort();
    request = new AbortController();
    try {
      const response = await fetch(tools.dataset.previewUrl, { method: "POST", body, signal: request.signal });
      if (!response.ok) throw new Error(String(response.status));
      preview.replaceChildren(...renderPreview(await response.json(), preview.id));
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "AbortError") preview.replaceChildren(make("p", { class: "field-error" }, tools.dataset.noPreview));
    }
  }

  button.addEventListener("click", () => {
    preview.hidden = !preview.hidden;
    button.setAttribute("aria-expanded", String(!preview.hidden));
    if (!preview.hidden) render();
  });
  const renderLater = debounce(600, render);
  area.addEventListener("input", () => { if (!preview.hidden) renderLater(); });
}

/**
 * Return the text, which the server has sanitized, with prefixed ids, and the list of cited sources.
 * @param {{ html: string, sources: { number: number, title: string }[], unknown: string[] }} response
 * @param {string} prefix
 */
function renderPreview({ html, sources, unknown }, prefix) {
  const text = new DOMParser().parseFromString(html, "text/html").body;
  for (const element of all("[id]", text)) element.id = `${prefix}-${element.id}`;
  for (const link of all("a[href^='#']", text)) link.setAttribute("href", `#${prefix}-${link.hash.slice(1)}`);
  const biography = make("div", { class: "biography" }, ...text.childNodes);
  const list = make("ol", { class: "sources" }, ...sources.map(({ number, title }) => make("li", { id: `${prefix}-source-${number}` }, title)));
  const missing = make("p", { class: "field-error" }, toolMessage("unknown", { ids: unknown.join(", ") }));
  return [biography, ...(sources.length ? [list] : []), ...(unknown.length ? [missing] : [])];
}

/**
 * Fill the panel that inserts citations.
 * @param {HTMLTextAreaElement} area
 * @param {HTMLElement} panel
 * @param {HTMLButtonElement} button
 */
function addCitationPanel(area, panel, button) {
  const source = make("input", { type: "text", id: nextId("source"), maxlength: "500", autocomplete: "off" });
  const locator = make("input", { type: "text", id: nextId("place"), maxlength: "200", autocomplete: "off" });
  const insertButton = make("button", { type: "button", class: "button" }, tools.dataset.insert);
  panel.append(
    make("div", { class: "entry" }, make("label", { for: source.id }, tools.dataset.source), source),
    make("div", { class: "entry" }, make("label", { for: locator.id }, tools.dataset.place), locator),
    make("p", {}, insertButton),
  );
  attachPicker(source, "source", () => locator.focus(), (query) => {
    const text = query.toLocaleLowerCase();
    return formSources(area).filter(({ id, label }) => `${label} ${id}`.toLocaleLowerCase().includes(text));
  });

  /** @param {boolean} isOpen */
  function toggle(isOpen) {
    panel.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
    (isOpen ? source : area).focus();
  }

  function insertCitation() {
    const id = CHOICE_ID.exec(source.value)?.[1] ?? source.value.trim();
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) { source.focus(); return; }
    const page = locator.value.replace(/[\];\n]/g, " ").replace(/\s+/g, " ").trim();
    const position = area.selectionEnd;
    const space = position && !/\s/.test(area.value[position - 1]) ? " " : "";
    area.setRangeText(`${space}[@${id}${page && `, ${page}`}]`, position, position, "end");
    source.value = locator.value = "";
    toggle(false);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  button.addEventListener("click", () => toggle(Boolean(panel.hidden)));
  insertButton.addEventListener("click", insertCitation);
  panel.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Escape") toggle(false);
    else if (event.key === "Enter" && event.target instanceof HTMLInputElement) insertCitation();
    else return;
    event.preventDefault();
  });
  // These fields are not part of the record.
  for (const type of ["input", "change"]) panel.addEventListener(type, (event) => event.stopPropagation());
}
