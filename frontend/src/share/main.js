import { $, all } from "../shared/dom.js";

// The browser's own share dialog on phones and tablets; the links everywhere else.
for (const details of all(".share")) {
  const summary = $("summary", details);
  const data = { title: summary.dataset.title, url: summary.dataset.share };
  const hasDialog = "share" in navigator && matchMedia("(pointer: coarse)").matches && (!navigator.canShare || navigator.canShare(data));
  summary.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    if (!hasDialog) return;
    event.preventDefault();
    // Show the links if the dialog fails, but not if it is cancelled.
    navigator.share(data).catch((error) => { if (error.name !== "AbortError") details.open = true; });
  });
  const close = (/** @type {boolean} */ restoreFocus) => {
    if (!details.open) return;
    details.open = false;
    if (restoreFocus) summary.focus();
  };
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(true); });
  for (const type of ["click", "focusin"]) {
    document.addEventListener(type, (event) => { if (!details.contains(event.target)) close(false); });
  }
}
