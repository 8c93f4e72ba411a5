import { $ } from "../shared/dom.js";

// Reject files that are too large before they are uploaded.
{
  const input = $("input[type=file][data-max-bytes]");
  input?.addEventListener("change", () => {
    const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.maxBytes));
    input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
    if (isTooLarge) input.reportValidity();
  });
}
