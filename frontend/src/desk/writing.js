// The writing form: rows are added, moved and removed in the page, and the form is saved on the
// server while people type. Without this script the form's buttons do the same.
import { $, all, make, targetOf } from "../shared/dom.js";
import { notifyChange } from "./attach.js";

const AUTOSAVE_MS = 2000; // ms after the last key
const RETRY_MS = 15000; // ms after a failure
const MAX_KEEPALIVE_BYTES = 60000; // bytes that browsers send for a closed page
const FIELDS = "input, select, textarea";

const form = $("#writing");
if (form) {
  const notifyAutosave = startAutosave();
  form.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const button = targetOf(event, "button[name=do]");
    const [action, ...name] = (button?.value ?? "").split("-");
    if (!name.length) return;
    event.preventDefault();
    const section = button.closest("details.form-section");
    if (action === "add") addRow(button);
    else if (action === "remove") removeRow(button);
    else moveRow(button, action);
    notifyAutosave();
    updateCounts(section);
  });
  for (const type of ["input", "change"]) form.addEventListener(type, (/** @type {Event} */ event) => updateCounts(targetOf(event, "details.form-section")));
  // Enter does not submit the form. Comboboxes handle the key first.
  form.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement && !event.isComposing) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const link = targetOf(event, ".desk-errors a, .writing-index a");
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (target) reveal(target);
  });
}

/**
 * Open all details around an element and focus it.
 * @param {HTMLElement} target
 */
function reveal(target) {
  for (let details = target.closest("details"); details; details = details.parentElement?.closest("details") ?? null) details.open = true;
  (target.matches("details") ? $("summary", target) : target).focus({ preventScroll: true });
}

/**
 * Add a row at the end of a list.
 * @param {HTMLButtonElement} button
 */
function addRow(button) {
  const list = /** @type {HTMLElement} */ (button.closest("[data-rows]"));
  const rows = $(":scope > ol", list);
  if (all(":scope > .writing-row", rows).length >= Number(list.dataset.maxRows)) return;
  const template = $(":scope > template", list) ?? $("#cites-template");
  const number = Number(list.dataset.next ?? rows.children.length);
  list.dataset.next = String(number + 1);
  const row = document.importNode(template.content, true).firstElementChild;
  fillPlaceholders(row, (list.dataset.rows ?? "").replace(/-cites$/, ""), number);
  rows.append(row);
  renumber(rows);
  $(FIELDS, row).focus();
}

/**
 * Replace the placeholders in all attributes of a new row.
 * @param {Element} row
 * @param {string} listId
 * @param {number} number
 */
function fillPlaceholders(row, listId, number) {
  for (const element of [row, ...all("*", row)]) {
    for (const attribute of element.attributes) {
      attribute.value = attribute.value.replace("WITHIN", listId).replace("NUMBER", String(number));
    }
  }
}

/**
 * Move a row up or down.
 * @param {HTMLButtonElement} button
 * @param {string} direction
 */
function moveRow(button, direction) {
  const row = /** @type {HTMLElement} */ (button.closest("li"));
  if (direction === "up") row.previousElementSibling?.before(row);
  if (direction === "down") row.nextElementSibling?.after(row);
  renumber(row.parentElement);
  button.focus();
}

/**
 * Remove a row. A row with text can be restored while the page is open.
 * @param {HTMLButtonElement} button
 */
function removeRow(button) {
  const row = /** @type {HTMLElement} */ (button.closest("li"));
  const rows = /** @type {HTMLElement} */ (row.parentElement);
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.replaceWith(...(firstText(row) ? [renderRemoved(row)] : []));
  renumber(rows);
  ((next && $(FIELDS, next)) ?? $(":scope > button", rows.parentElement ?? document)).focus();
}

/**
 * Return what replaces a removed row: its label, its first text and a button that restores it.
 * @param {HTMLElement} row
 */
function renderRemoved(row) {
  const label = $("legend", row).textContent.trim();
  const button = make("button", { type: "button", class: "button quiet" }, form.dataset.undo, make("span", { class: "visually-hidden" }, `: ${label}`));
  const item = make("li", { class: "writing-removed" }, make("del", {}, `${label}: ${firstText(row)}`), " ", button);
  button.addEventListener("click", () => {
    item.replaceWith(row);
    renumber(row.parentElement);
    const field = $(FIELDS, row);
    field.focus();
    notifyChange(field);
  });
  return item;
}

/**
 * Return the first text in a row.
 * @param {Element} row
 * @returns {string}
 */
function firstText(row) {
  return all("input[type=text], textarea", row).map((field) => field.value.trim()).find(Boolean) ?? "";
}

/**
 * Update the visible numbers of the rows; those in names of fields stay.
 * @param {Element | null} rows
 */
function renumber(rows) {
  all(":scope > .writing-row", rows ?? document).forEach((row, index) => {
    for (const number of all("[data-number]", row)) {
      if (number.closest("li") === row) number.textContent = String(index + 1);
    }
  });
}

/**
 * Show the number of rows with text in the heading of a section and in the index.
 * @param {HTMLElement | null} section
 */
function updateCounts(section) {
  const lists = section ? all(":scope > .form-section-body > [data-rows] > ol", section) : [];
  if (!section || !lists.length) return;
  const count = lists.flatMap((list) => [...list.children]).filter(firstText).length;
  for (const parent of [$(":scope > summary", section), $(`.writing-index a[href="#${section.id}"]`, form.parentElement)]) {
    let label = $(".count", parent);
    if (!label) {
      label = make("span", { class: "count" });
      parent.append(" ", label);
    }
    label.textContent = count ? String(count) : "";
  }
}

/** Save the form on the server while it is edited. Return the function to call after a change. */
function startAutosave() {
  const status = $("#autosave-status", form);
  const time = new Intl.DateTimeFormat(form.dataset.lang, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "UTC" });
  let dirty = false;
  let timer = 0;
  /** @type {Promise<void> | null} */
  let pending = null;
  let submitting = false;

  function markDirty() {
    dirty = true;
    schedule(AUTOSAVE_MS);
  }

  /** @param {number} ms */
  function schedule(ms) {
    clearTimeout(timer);
    timer = setTimeout(save, ms);
  }

  function save(isLeaving = false) {
    if (!dirty || submitting || pending) return;
    clearTimeout(timer);
    dirty = false;
    pending = request(isLeaving === true).finally(() => {
      pending = null;
      if (dirty) schedule(status.dataset.failed ? RETRY_MS : AUTOSAVE_MS);
    });
  }

  /** @param {boolean} isLeaving */
  async function request(isLeaving) {
    let code = 0;
    try {
      let response = await post(isLeaving);
      if (response.status === 400 && (await renewToken())) response = await post(isLeaving);
      code = response.status;
      const copy = response.ok && (await response.json());
      if (!copy) throw new Error(String(code));
      form.elements.copy.value = copy.key;
      history.replaceState(history.state, "", copy.url);
      show("", form.dataset.saved.replace("{time}", `${time.format(new Date(copy.saved_at))} UTC`));
    } catch {
      dirty = true;
      const reason = code === 401 || code === 400 ? "signedOut" : code ? "refused" : "offline";
      show("1", form.dataset[reason]);
    }
  }

  /** @param {boolean} isLeaving */
  function post(isLeaving) {
    const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    const keepalive = isLeaving && body.toString().length < MAX_KEEPALIVE_BYTES;
    return fetch(form.dataset.autosaveUrl, { method: "POST", body, keepalive });
  }

  /** Get a new CSRF token, which is needed after signing in again in another tab. */
  async function renewToken() {
    const page = new DOMParser().parseFromString(await (await fetch(form.action)).text(), "text/html");
    const token = $("#writing [name=csrf_token]", page);
    if (token) form.elements.csrf_token.value = token.value;
    return Boolean(token);
  }

  /**
   * @param {string} failed  empty or "1"
   * @param {string} text
   */
  function show(failed, text) {
    status.dataset.failed = failed;
    status.textContent = text;
  }

  form.addEventListener("input", markDirty);
  form.addEventListener("change", markDirty);
  form.addEventListener("submit", async (/** @type {SubmitEvent} */ event) => {
    if (pending) {
      // Saving the form deletes the copy by its key, which the pending response contains.
      event.preventDefault();
      await pending;
      form.requestSubmit(event.submitter);
      return;
    }
    submitting = true;
  });
  addEventListener("pageshow", () => { submitting = false; });
  addEventListener("online", () => save());
  addEventListener("pagehide", () => save(true));
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
  addEventListener("beforeunload", (event) => { if (dirty && status.dataset.failed && !submitting) event.preventDefault(); });
  return markDirty;
}
