// The writing form: rows come and go without a question to the server, and what is typed is kept
// there while one writes. Without this file the form's buttons do the same.
import { $, make, targetOf } from "../shared/dom.js";
import { notifyChange } from "./attach.js";

{
  const AUTOSAVE_MS = 2000; // ms after the last key until the form is kept
  const RETRY_MS = 15000; // ms until it is tried again, where it could not be
  const MAX_KEEPALIVE_BYTES = 60000; // bytes that browsers send on for a page that is gone

  const form = $("#writing");
  if (form) {
    const changed = startAutosave(form);
    form.addEventListener("click", (event) => {
      const button = targetOf(event, "button[name=do]");
      const [way, ...name] = (button?.value ?? "").split("-");
      if (!name.length) return;
      event.preventDefault();
      const part = button.closest("details.part");
      ({ add, remove }[way] ?? move)(button, way);
      changed();
      sum(part);
    });
    for (const kind of ["input", "change"]) form.addEventListener(kind, (event) => sum(targetOf(event, "details.part")));
    // Enter ends no form by mistake; what completes a field takes the key first.
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input") && !event.isComposing) event.preventDefault();
    });
    document.addEventListener("click", (event) => {
      const link = targetOf(event, ".desk-errors a, .writing-index a");
      const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (target) unfold(target);
    });
  }

  /** Opens all that hides a field, and goes there. */
  function unfold(target) {
    for (let part = target.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    (target.matches("details") ? target.querySelector("summary") : target).focus({ preventScroll: true });
  }

  /** One more row at the end of a list. */
  function add(button) {
    const list = button.closest("[data-rows]");
    const rows = list.querySelector(":scope > ol");
    if (rows.querySelectorAll(":scope > .writing-row").length >= Number(list.dataset.most)) return;
    const template = list.querySelector(":scope > template") ?? document.querySelector("#cites-template");
    list.dataset.next = Number(list.dataset.next ?? rows.children.length) + 1;
    const number = list.dataset.next - 1;
    const row = document.importNode(template.content, true).firstElementChild;
    name(row, list.dataset.rows.replace(/-cites$/, ""), number);
    rows.append(row);
    count(rows);
    row.querySelector("input, select, textarea").focus();
    // For what completes fields and checks them.
    row.dispatchEvent(new CustomEvent("row-added", { bubbles: true }));
  }

  /** Gives a copied row its number in all that names it. */
  function name(row, within, number) {
    for (const element of [row, ...row.querySelectorAll("*")]) {
      for (const attribute of element.attributes) {
        attribute.value = attribute.value.replace("WITHIN", within).replace("NUMBER", number);
      }
    }
  }

  /** Up or down. */
  function move(button, way) {
    const row = button.closest("li");
    if (way === "up") row.previousElementSibling?.before(row);
    if (way === "down") row.nextElementSibling?.after(row);
    count(row.parentElement);
    button.focus();
  }

  /** Away; a row that says something can be brought back as long as the page is open. */
  function remove(button) {
    const row = button.closest("li");
    const rows = row.parentElement;
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.replaceWith(...(firstText(row) ? [removed(row)] : []));
    count(rows);
    (next?.querySelector("input, select, textarea") ?? rows.parentElement.querySelector(":scope > button")).focus();
  }

  /** What stands where a row was: what it was called, what it said first, and the way back. */
  function removed(row) {
    const called = row.querySelector("legend").textContent.trim();
    const back = make("button", { type: "button", class: "button quiet" }, form.dataset.back, make("span", { class: "visually-hidden" }, `: ${called}`));
    const place = make("li", { class: "writing-removed" }, make("del", {}, `${called}: ${firstText(row)}`), " ", back);
    back.addEventListener("click", () => {
      place.replaceWith(row);
      count(row.parentElement);
      row.querySelector("input, select, textarea").focus();
      notifyChange(row.querySelector("input, select, textarea"));
    });
    return place;
  }

  /** The first text that is typed in a row. */
  function firstText(row) {
    return [...row.querySelectorAll("input[type=text], textarea")].map((field) => field.value.trim()).find(Boolean) ?? "";
  }

  /** The numbers that are shown; those in the names of fields stay. */
  function count(rows) {
    [...rows.querySelectorAll(":scope > .writing-row")].forEach((row, at) => {
      for (const number of row.querySelectorAll("[data-number]")) {
        if (number.closest("li") === row) number.textContent = String(at + 1);
      }
    });
  }

  /** How many rows of a section say something: in its heading and in the index. */
  function sum(part) {
    const lists = part?.querySelectorAll(":scope > .part-in > [data-rows] > ol");
    if (!lists?.length) return;
    const rows = [...lists].flatMap((list) => [...list.children]).filter(firstText).length;
    for (const place of [part.querySelector(":scope > summary"), form.parentElement.querySelector(`.writing-index a[href="#${part.id}"]`)]) {
      let told = place.querySelector(".count");
      if (!told) {
        told = document.createElement("span");
        told.className = "count";
        place.append(" ", told);
      }
      told.textContent = rows || "";
    }
  }

  /** Keeps the form on the server as it is typed. Returns what is called when it has changed. */
  function startAutosave(form) {
    const told = form.querySelector("#writing-kept");
    const time = new Intl.DateTimeFormat(form.dataset.lang, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "UTC" });
    let dirty = false;
    let timer = 0;
    let asking = null;
    let sending = false;

    function changed() {
      dirty = true;
      later(AUTOSAVE_MS);
    }

    function later(wait) {
      clearTimeout(timer);
      timer = setTimeout(keep, wait);
    }

    function keep(leaving = false) {
      if (!dirty || sending || asking) return;
      clearTimeout(timer);
      dirty = false;
      asking = ask(leaving === true).finally(() => {
        asking = null;
        if (dirty) later(told.dataset.failed ? RETRY_MS : AUTOSAVE_MS);
      });
    }

    async function ask(leaving) {
      let status = 0;
      try {
        let answer = await send(leaving);
        if (answer.status === 400 && (await renewed())) answer = await send(leaving);
        status = answer.status;
        const copy = answer.ok && (await answer.json());
        if (!copy) throw new Error(String(status));
        form.elements.copy.value = copy.key;
        history.replaceState(history.state, "", copy.url);
        tell("", form.dataset.saved.replace("{time}", `${time.format(new Date(copy.saved_at))} UTC`));
      } catch {
        dirty = true;
        const why = status === 401 || status === 400 ? "signedOut" : status ? "refused" : "offline";
        tell("1", form.dataset[why]);
      }
    }

    function send(leaving) {
      const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
      const keepalive = leaving && body.toString().length < MAX_KEEPALIVE_BYTES;
      return fetch(form.dataset.keep, { method: "POST", body, keepalive });
    }

    /** Who signed in anew, in another tab, goes on here: the form gets the proof that it is theirs. */
    async function renewed() {
      const page = new DOMParser().parseFromString(await (await fetch(form.action)).text(), "text/html");
      const token = $("#writing [name=csrf_token]", page);
      if (token) form.elements.csrf_token.value = token.value;
      return Boolean(token);
    }

    function tell(failed, text) {
      told.dataset.failed = failed;
      told.textContent = text;
    }

    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("submit", async (event) => {
      if (asking) {
        // The copy that is on its way has to be known by its key, to end with what is saved.
        event.preventDefault();
        await asking;
        form.requestSubmit(event.submitter);
        return;
      }
      sending = true;
    });
    addEventListener("pageshow", () => { sending = false; });
    addEventListener("online", () => keep());
    addEventListener("pagehide", () => keep(true));
    document.addEventListener("visibilitychange", () => { if (document.hidden) keep(true); });
    addEventListener("beforeunload", (event) => { if (dirty && told.dataset.failed && !sending) event.preventDefault(); });
    return changed;
  }
}
