import { $ } from "../shared/dom.js";

// A file that is too heavy is told before it is sent in vain.
{
  const file = $("input[type=file][data-most]");
  file?.addEventListener("change", () => {
    const heavy = [...file.files].some((one) => one.size > Number(file.dataset.most));
    file.setCustomValidity(heavy ? file.dataset.heavy : "");
    if (heavy) file.reportValidity();
  });
}
