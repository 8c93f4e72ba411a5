// Scripts of the desk. Its forms work without them.
import { $, replayEarlyInput } from "../shared/dom.js";
import "./review.js";
import "./writing.js";
import "./reference-picker.js";
import "./date-field.js";
import "./markdown.js";
import "./duplicates.js";
import "./import-progress.js";
import "./file-size.js";

$(".desk-errors")?.focus();

{
  // On narrow screens the navigation scrolls: bring the current page into view.
  const link = $(".desk-nav [aria-current]");
  const nav = link?.parentElement;
  if (nav && nav.scrollWidth > nav.clientWidth) nav.scrollLeft = link.offsetLeft - nav.offsetLeft - 16;
}

replayEarlyInput();
