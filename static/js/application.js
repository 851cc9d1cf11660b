// The sheet of an application: what the chosen track of hardship does not ask is put away.
// Without this file everything is shown, and the server asks the same.
"use strict";

const sheet = document.querySelector("[data-application]");
const chosenTrack = () => sheet.querySelector("[name=hardship_track]:checked")?.value ?? "";

function showWhatIsAsked() {
  const track = chosenTrack();
  const isCompared = track === "pledge" || track === "data_query";
  const cell = (name) => document.getElementById(`div_id_${name}`);
  const shown = {
    check_exemption: track === "exempt_from_check",
    is_opponent_in_household: isCompared,
    household_note: isCompared,
    has_pledged: track === "pledge",
  };
  for (const [name, isShown] of Object.entries(shown)) {
    const place = cell(name);
    // What is wrong or filled in stays in sight.
    if (place) place.hidden = !isShown && !place.classList.contains("bad");
  }
  const table = sheet.querySelector("[data-household]");
  if (table) table.hidden = !isCompared && !table.querySelector(".bad");
  for (const box of sheet.querySelectorAll(".sheet")) {
    const cells = [...box.children];
    box.hidden = cells.length > 0 && cells.every((each) => each.hidden);
  }
}

// A line without a name is the end of its table: Enter goes on below it.
sheet.addEventListener("keydown", (event) => {
  const { target } = event;
  const table = target.closest(".lines")?.closest(".table-box");
  const ends =
    table && event.key === "Enter" && !event.ctrlKey && !event.shiftKey && !event.isComposing &&
    event.keyCode !== 229 && target.name?.endsWith("-name") && !target.value;
  if (!ends) return;
  event.preventDefault();
  moveOn(table.querySelector("[name=more]") ?? [...table.querySelectorAll("input, select")].at(-1));
});

sheet.addEventListener("change", showWhatIsAsked);
showWhatIsAsked();
