// The menu by which an answer is taken away closes as menus do; copying and printing by a button.
function closeTakeaway(back) {
  const menu = $(".takeaway[open]");
  if (!menu) return;
  menu.open = false;
  if (back) $("summary", menu).focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeTakeaway(true);
});
document.addEventListener("click", (event) => {
  if (!event.target.closest?.(".takeaway")) closeTakeaway(false);
});
document.addEventListener("focusin", (event) => {
  if (!event.target.closest?.(".takeaway")) closeTakeaway(false);
});

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
