for (const details of document.querySelectorAll(".share")) {
const summary = details.querySelector("summary");
const data = { title: summary.dataset.title, url: summary.dataset.share };
const own = navigator.share && matchMedia("(pointer: coarse)").matches && (!navigator.canShare || navigator.canShare(data));
summary.addEventListener("click", (event) => {
if (!own) return;
event.preventDefault();
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
