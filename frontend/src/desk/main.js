// Scripts of the desk; without them its forms still send all they hold.
import { $, replayEarlyInput } from "../shared/dom.js";
import "./review.js";
import "./writing.js";
import "./reference-picker.js";
import "./date-field.js";
import "./markdown.js";
import "./duplicates.js";
import "./import-progress.js";
import "./file-size.js";

// What is wrong is where one goes on.
$(".desk-errors")?.focus();

{
  // On a narrow screen the ways of the desk scroll: the one that is open is brought into view.
  const way = $(".desk-nav [aria-current]");
  const ways = way?.parentElement;
  if (ways && ways.scrollWidth > ways.clientWidth) ways.scrollLeft = way.offsetLeft - ways.offsetLeft - 16;
}

replayEarlyInput();
