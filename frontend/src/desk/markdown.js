// Biographies: textarea[data-markdown] gets a preview, as the public page will show it, and a way
// to cite a source where the caret stands: [@id, p. 12].
import { $, all, make } from "../shared/dom.js";
import { attach, debounce, nextId, toolMessage, tools } from "./attach.js";
import { PICKED, attachPicker } from "./reference-picker.js";

attach("textarea[data-markdown]", (area) => {
  const preview = make("div", { class: "preview", id: nextId("preview"), role: "region", "aria-label": tools.dataset.previewTitle, lang: area.lang });
  const citing = make("div", { class: "citing", id: nextId("citing"), role: "group", "aria-label": tools.dataset.cite });
  const toggle = make("button", { type: "button", class: "button quiet", "aria-expanded": "false", "aria-controls": preview.id }, tools.dataset.preview);
  const cite = make("button", { type: "button", class: "button quiet", "aria-expanded": "false", "aria-controls": citing.id }, tools.dataset.cite);
  preview.hidden = citing.hidden = true;
  area.after(make("p", { class: "markdown-actions" }, toggle, " ", cite), citing, preview);
  startPreview(area, preview, toggle);
  addCitationPanel(area, citing, cite);
});

/** Ids of the sources that fields of the same form name, with what they are called. */
function formSources(within) {
  const found = new Map();
  for (const { value } of all("input[data-pick=source]", within.closest("form") ?? document)) {
    const id = PICKED.exec(value)?.[1] ?? (/^[a-z0-9-]+$/.test(value.trim()) ? value.trim() : "");
    if (id) found.set(id, value.replace(PICKED, "").trim() || id);
  }
  return [...found].map(([id, label]) => ({ id, label, note: tools.dataset.ofForm }));
}

function startPreview(area, preview, toggle) {
  /** @type {AbortController | null} */
  let asking = null;

  async function render() {
    const body = new FormData();
    body.append("csrf_token", $("input[name=csrf_token]", area.closest("form"))?.value ?? "");
    body.append("text", area.value);
    body.append("lang", area.lang);
    for (const { id } of formSources(area)) body.append("sources", id);
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(tools.dataset.previewAt, { method: "POST", body, signal: asking.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      preview.replaceChildren(...renderPreview(await answer.json(), preview.id));
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "AbortError") preview.replaceChildren(make("p", { class: "wrong" }, tools.dataset.noPreview));
    }
  }

  toggle.addEventListener("click", () => {
    preview.hidden = !preview.hidden;
    toggle.setAttribute("aria-expanded", String(!preview.hidden));
    if (!preview.hidden) render();
  });
  const typing = debounce(600, render);
  area.addEventListener("input", () => { if (!preview.hidden) typing(); });
}

/** The text, which the server has cleaned, with ids of its own, and the list of what it cites. */
function renderPreview({ html, sources, unknown }, prefix) {
  const text = new DOMParser().parseFromString(html, "text/html").body;
  for (const element of all("[id]", text)) element.id = `${prefix}-${element.id}`;
  for (const link of all("a[href^='#']", text)) link.setAttribute("href", `#${prefix}-${link.hash.slice(1)}`);
  const life = make("div", { class: "life" }, ...text.childNodes);
  const list = make("ol", { class: "sources" }, ...sources.map(({ number, title }) => make("li", { id: `${prefix}-source-${number}` }, title)));
  const missing = make("p", { class: "wrong" }, toolMessage("unknown", { ids: unknown.join(", ") }));
  return [life, ...(sources.length ? [list] : []), ...(unknown.length ? [missing] : [])];
}

function addCitationPanel(area, panel, toggle) {
  const source = make("input", { type: "text", id: nextId("source"), maxlength: "500", autocomplete: "off" });
  const place = make("input", { type: "text", id: nextId("place"), maxlength: "200", autocomplete: "off" });
  const insert = make("button", { type: "button", class: "button" }, tools.dataset.insert);
  panel.append(
    make("div", { class: "entry" }, make("label", { for: source.id }, tools.dataset.source), source),
    make("div", { class: "entry" }, make("label", { for: place.id }, tools.dataset.place), place),
    make("p", {}, insert),
  );
  attachPicker(source, "source", () => place.focus(), (question) => {
    const typed = question.toLocaleLowerCase();
    return formSources(area).filter(({ id, label }) => `${label} ${id}`.toLocaleLowerCase().includes(typed));
  });

  function open(whether) {
    panel.hidden = !whether;
    toggle.setAttribute("aria-expanded", String(whether));
    (whether ? source : area).focus();
  }

  function put() {
    const id = PICKED.exec(source.value)?.[1] ?? source.value.trim();
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) { source.focus(); return; }
    const where = place.value.replace(/[\];\n]/g, " ").replace(/\s+/g, " ").trim();
    const at = area.selectionEnd;
    const space = at && !/\s/.test(area.value[at - 1]) ? " " : "";
    area.setRangeText(`${space}[@${id}${where && `, ${where}`}]`, at, at, "end");
    source.value = place.value = "";
    open(false);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  toggle.addEventListener("click", () => open(panel.hidden));
  insert.addEventListener("click", put);
  panel.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Escape") open(false);
    else if (event.key === "Enter" && event.target.matches("input")) put();
    else return;
    event.preventDefault();
  });
  // These fields are no part of the record.
  panel.addEventListener("input", (event) => event.stopPropagation());
  panel.addEventListener("change", (event) => event.stopPropagation());
}
