import { $ } from "../shared/dom.js";

// How far an import is, without loading the page anew; once it is over, the page is loaded again.
{
  const place = $("[data-progress]");
  const look = async () => {
    try {
      const answer = await fetch(place.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      if (!told.running) return location.reload();
      $("#import-state").textContent = told.words;
      $("#import-line").textContent = told.line;
      const bar = $("#import-bar");
      if (told.share === null) bar.removeAttribute("value");
      else bar.value = told.share;
    } catch {
      // The server is away for a moment: the next look may find it.
    }
    setTimeout(look, 2000);
  };
  if (place) setTimeout(look, 1500);
}
