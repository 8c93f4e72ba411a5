import { $ } from "../shared/dom.js";

// Update the progress of an import, and reload the page when it has finished.
{
  const status = $("[data-progress]");
  const poll = async () => {
    try {
      const response = await fetch(status.dataset.progress, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(String(response.status));
      const progress = await response.json();
      if (!progress.running) return location.reload();
      $("#import-state").textContent = progress.words;
      $("#import-line").textContent = progress.line;
      const bar = $("#import-bar");
      if (progress.share === null) bar.removeAttribute("value");
      else bar.value = progress.share;
    } catch {
      // The server is unavailable; try again.
    }
    setTimeout(poll, 2000);
  };
  if (status) setTimeout(poll, 1500);
}
