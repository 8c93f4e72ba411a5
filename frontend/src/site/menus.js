// Menus that lie over the results close as menus do; copying and printing by a button.
import { $, all, announce, targetOf } from "../shared/dom.js";

const MENU_SELECTOR = ".takeaway, .one-line";

/** Closes the menus that are open, but the one in which something happens. */
function closeMenus(where, back = false) {
  for (const menu of all(`:is(${MENU_SELECTOR})[open]`)) {
    if (menu === where?.closest?.(MENU_SELECTOR)) continue;
    menu.open = false;
    if (back) $("summary", menu).focus();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(null, true);
});
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));

/** Shows the buttons that copy, where the browser lets pages copy. */
export function showCopyButtons() {
  if (!navigator.clipboard) return;
  for (const button of all("button[data-copy]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = targetOf(event, "button[data-copy]");
  if (!button) return;
  const source = $(`#${button.dataset.copy}`);
  await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
  const words = button.dataset.words ??= button.textContent;
  button.textContent = button.dataset.copied;
  announce(button.dataset.copied);
  setTimeout(() => { button.textContent = words; }, 2000);
});
showCopyButtons();

for (const button of all("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
