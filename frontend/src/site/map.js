import { $ } from "../shared/dom.js";

// Draw an area on the map: its edges are written into the form, which is then submitted.
// A module of its own, loaded by the map page in addition to that of all pages.
const form = $("#area");
const hint = $("#draw-hint");
const SVG_NAMESPACE = "http://www.w3.org/2000/svg";
const MIN_DRAG_PX = 6;

/** @typedef {{ x: number, y: number, box: DOMRect }} Point */

const clamp = (/** @type {number} */ value, /** @type {number} */ min, /** @type {number} */ max) => Math.min(Math.max(value, min), max);

/**
 * @param {SVGSVGElement} map
 * @param {HTMLButtonElement} button
 */
function enableDrawing(map, button) {
  /** @type {Point | null} */
  let start = null;
  const rect = document.createElementNS(SVG_NAMESPACE, "rect");
  rect.setAttribute("class", "map-drawn");

  /** @returns {Point} */
  function pointOf(/** @type {PointerEvent} */ event) {
    const box = map.getBoundingClientRect();
    return { x: clamp(event.clientX - box.left, 0, box.width), y: clamp(event.clientY - box.top, 0, box.height), box };
  }

  /** @param {boolean} enabled */
  function setDrawing(enabled) {
    rect.remove();
    start = null;
    button.setAttribute("aria-pressed", String(enabled));
    map.classList.toggle("is-drawing", enabled);
    hint.hidden = !enabled;
    if (enabled) $("#announcer").textContent = hint.textContent;
  }

  /**
   * @param {Point} first
   * @param {Point} last
   */
  function draw(first, last) {
    for (const [key, value] of Object.entries({
      x: Math.min(last.x, first.x), y: Math.min(last.y, first.y),
      width: Math.abs(last.x - first.x), height: Math.abs(last.y - first.y),
    })) rect.setAttribute(key, String(value));
  }

  /**
   * @param {Point} first
   * @param {Point} last
   */
  function submit(first, last) {
    const { west, south, east, north } = Object.fromEntries(Object.entries(map.dataset).map(([key, value]) => [key, Number(value)]));
    const longitude = (/** @type {number} */ x) => clamp(west + (x / last.box.width) * (east - west), -180, 180);
    const latitude = (/** @type {number} */ y) => clamp(north - (y / last.box.height) * (north - south), -90, 90);
    const edges = {
      west: longitude(Math.min(first.x, last.x)), east: longitude(Math.max(first.x, last.x)),
      north: latitude(Math.min(first.y, last.y)), south: latitude(Math.max(first.y, last.y)),
    };
    for (const [edge, value] of Object.entries(edges)) form.elements[edge].value = value.toFixed(4);
    form.requestSubmit();
  }

  button.hidden = false;
  button.addEventListener("click", () => setDrawing(button.getAttribute("aria-pressed") !== "true"));
  map.addEventListener("pointerdown", (event) => {
    if (!map.classList.contains("is-drawing") || event.button || start) return;
    event.preventDefault();
    map.setPointerCapture(event.pointerId);
    start = pointOf(event);
    map.append(rect);
    draw(start, start);
  });
  map.addEventListener("pointermove", (event) => { if (start) draw(start, pointOf(event)); });
  map.addEventListener("pointerup", (event) => {
    if (!start) return;
    const end = pointOf(event);
    // A click is not an area.
    if (Math.abs(end.x - start.x) < MIN_DRAG_PX || Math.abs(end.y - start.y) < MIN_DRAG_PX) setDrawing(true);
    else submit(start, end);
  });
  map.addEventListener("pointercancel", () => { if (start) setDrawing(true); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && button.getAttribute("aria-pressed") === "true") setDrawing(false); });
}

enableDrawing($("#map"), $("#draw"));
