// Small steps beyond what the pages do by themselves. Without this file everything works.
document.documentElement.classList.add("js");

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const field = $("#q");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  }
});
