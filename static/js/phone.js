// The phone's page: what was chosen or photographed goes at once, without a second press.
"use strict";

for (const input of document.querySelectorAll("[data-send]")) {
  input.addEventListener("change", () => {
    if (input.files.length) input.form.requestSubmit(input.form.querySelector("[data-send-now]"));
  });
}
