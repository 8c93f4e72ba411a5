import { $, all } from "../shared/dom.js";

// The browser's own way to pass a page on, where it has one; the links serve everywhere else.
for (const details of all(".share")) {
  const summary = $("summary", details);
  const data = { title: summary.dataset.title, url: summary.dataset.share };
  // Phones and tablets: on a desk the links are nearer than what the system would open.
  const own = "share" in navigator && matchMedia("(pointer: coarse)").matches && (!navigator.canShare || navigator.canShare(data));
  summary.addEventListener("click", (event) => {
    if (!own) return;
    event.preventDefault();
    // Who closes it again wanted nothing; where it fails, the links are shown.
    navigator.share(data).catch((error) => { if (error.name !== "AbortError") details.open = true; });
  });
  const close = (back) => {
    if (!details.open) return;
    details.open = false;
    if (back) summary.focus();
  };
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(true); });
  for (const kind of ["click", "focusin"]) {
    document.addEventListener(kind, (event) => { if (!details.contains(event.target)) close(false); });
  }
}
