// Menus that lie over the results close as menus do; copying and printing by a button.
const MENUS = ".takeaway, .one-line";

/** Closes the menus that are open, but the one in which something happens. */
function closeMenus(where, back = false) {
  for (const menu of all(`:is(${MENUS})[open]`)) {
    if (menu === where?.closest?.(MENUS)) continue;
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
function offerCopying() {
  if (!navigator.clipboard) return;
  for (const button of all("button[data-copy]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
  const words = button.dataset.words ??= button.textContent;
  button.textContent = button.dataset.copied;
  announce(button.dataset.copied);
  setTimeout(() => { button.textContent = words; }, 2000);
});
offerCopying();

for (const button of all("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
