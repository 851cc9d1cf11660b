// Whom a complaint is against: of the fields that name it, those show that fit the chosen kind.
// Without this script all of them show, and the server keeps what fits; what was typed in one that
// is hidden stays in it, so that choosing another kind and back loses nothing.
//   data-fits="worker staff"   on a field: the kinds it goes with
"use strict";

(() => {
  const kinds = [...document.querySelectorAll("input[name=target]")];

  function show() {
    const chosen = kinds.find((kind) => kind.checked)?.value;
    for (const field of document.querySelectorAll("[data-fits]")) {
      field.closest(".cell").hidden = !field.dataset.fits.split(" ").includes(chosen);
    }
  }

  for (const kind of kinds) kind.addEventListener("change", show);
  // Back in the browser brings the choice of before.
  window.addEventListener("pageshow", show);
  show();
})();
