// Menus above the results close like menus; buttons that copy and print.
import { $, all, announce, targetOf } from "../shared/dom.js";

const MENU_SELECTOR = ".export, .query-syntax";

/**
 * Close all open menus but the one that contains an element.
 * @param {EventTarget | null} target
 * @param {boolean} [restoreFocus]
 */
function closeMenus(target, restoreFocus = false) {
  const current = target instanceof Element ? target.closest(MENU_SELECTOR) : null;
  for (const menu of all(`:is(${MENU_SELECTOR})[open]`)) {
    if (menu === current) continue;
    menu.open = false;
    if (restoreFocus) $("summary", menu).focus();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(null, true);
});
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));

/** Show the copy buttons if the browser lets pages copy. */
export function showCopyButtons() {
  if (!navigator.clipboard) return;
  for (const button of all("button[data-copy]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = targetOf(event, "button[data-copy]");
  if (!button) return;
  const source = $(`#${button.dataset.copy}`);
  await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
  const label = button.dataset.label ??= button.textContent;
  button.textContent = button.dataset.copied;
  announce(button.dataset.copied);
  setTimeout(() => { button.textContent = label; }, 2000);
});
showCopyButtons();

for (const button of all("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
