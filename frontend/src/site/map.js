import { $ } from "../shared/dom.js";

// An area drawn on the map: its edges are written into the form, which then asks.
// A module of its own, which the page of the map alone loads beside the one of all pages.
const form = $("#area");
const hint = $("#draw-hint");

function enableDrawing(map, button) {
  const ground = "http://www.w3.org/2000/svg";
  let start = null;
  let drawn = null;

  const at = (event) => {
    const box = map.getBoundingClientRect();
    const within = (value, most) => Math.min(Math.max(value, 0), most);
    return { x: within(event.clientX - box.left, box.width), y: within(event.clientY - box.top, box.height), box };
  };

  function ready(on) {
    drawn?.remove();
    start = drawn = null;
    button.setAttribute("aria-pressed", String(on));
    map.classList.toggle("is-drawing", on);
    hint.hidden = !on;
    if (on) $("#announcer").textContent = hint.textContent;
  }

  function draw(point) {
    for (const [key, value] of Object.entries({
      x: Math.min(point.x, start.x), y: Math.min(point.y, start.y),
      width: Math.abs(point.x - start.x), height: Math.abs(point.y - start.y),
    })) drawn.setAttribute(key, value);
  }

  function ask(end) {
    const { west, south, east, north } = Object.fromEntries(Object.entries(map.dataset).map(([key, value]) => [key, Number(value)]));
    const lon = (x) => Math.min(180, Math.max(-180, west + (x / end.box.width) * (east - west)));
    const lat = (y) => Math.min(90, Math.max(-90, north - (y / end.box.height) * (north - south)));
    const edges = {
      west: lon(Math.min(start.x, end.x)), east: lon(Math.max(start.x, end.x)),
      north: lat(Math.min(start.y, end.y)), south: lat(Math.max(start.y, end.y)),
    };
    for (const [edge, value] of Object.entries(edges)) form.elements[edge].value = value.toFixed(4);
    form.requestSubmit();
  }

  button.hidden = false;
  button.addEventListener("click", () => ready(button.getAttribute("aria-pressed") !== "true"));
  map.addEventListener("pointerdown", (event) => {
    if (!map.classList.contains("is-drawing") || event.button || start) return;
    event.preventDefault();
    map.setPointerCapture(event.pointerId);
    start = at(event);
    drawn = document.createElementNS(ground, "rect");
    drawn.setAttribute("class", "map-drawn");
    map.append(drawn);
    draw(start);
  });
  map.addEventListener("pointermove", (event) => { if (start) draw(at(event)); });
  map.addEventListener("pointerup", (event) => {
    if (!start) return;
    const end = at(event);
    // A click is no area; whoever only clicked may try again.
    if (Math.abs(end.x - start.x) < 6 || Math.abs(end.y - start.y) < 6) ready(true);
    else ask(end);
  });
  map.addEventListener("pointercancel", () => { if (start) ready(true); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && button.getAttribute("aria-pressed") === "true") ready(false); });
}

enableDrawing($("#map"), $("#draw"));
