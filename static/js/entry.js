// The entry form beyond what the frame's keys do: drafts, hints while typing, what an identity
// number tells, usual answers, and moving through rows of chips by keyboard.
// Nothing typed is ever stored in the browser: these desks are shared. A draft is kept by the
// server; while it cannot be reached, the page itself keeps it and says so.
"use strict";

const form = document.querySelector("[data-entry]");
const ARROWS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const named = (name) => form.elements[name];
const valueOf = (name) => {
  const field = named(name);
  if (!field) return "";
  if (field instanceof RadioNodeList && field[0].type === "checkbox") {
    return [...field].filter((box) => box.checked).map((box) => box.value).join();
  }
  return field.value;
};

// ── Drafts ────────────────────────────────────────────────────────────────────────────

const draftLine = document.getElementById("draft");
const DRAFT_AFTER = 2500;
const RETRY_AFTER = 8000;
const typed = () =>
  JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"));
let kept = typed();
let keeping = null;
let draftTimer = 0;
let isLeaving = false;
let isAway = false;

function keepSoon(delay = DRAFT_AFTER) {
  if (!draftLine) return;
  clearTimeout(draftTimer);
  draftTimer = setTimeout(() => htmx.trigger(draftLine, "draft-due"), delay);
}

draftLine?.addEventListener("htmx:beforeRequest", (event) => {
  if (isLeaving || typed() === kept) event.preventDefault();
  else keeping = typed();
});
draftLine?.addEventListener("htmx:afterRequest", (event) => {
  isAway = !event.detail.successful;
  if (!isAway) {
    kept = keeping;
    if (typed() !== kept) keepSoon();
    return;
  }
  draftLine.replaceChildren(document.getElementById("draft-unsaved").content.cloneNode(true));
  keepSoon(RETRY_AFTER);
});
// Whoever goes to another page takes the last words along; only while the server is away is
// there something to lose, and the browser asks.
window.addEventListener("beforeunload", (event) => {
  if (isAway && !isLeaving && typed() !== kept) event.preventDefault();
});
window.addEventListener("pagehide", () => {
  if (!draftLine || isLeaving || typed() === kept) return;
  navigator.sendBeacon(draftLine.getAttribute("hx-post"), new FormData(form));
});

// Saving with a session that has ended would lose what was typed since the last draft. So the
// draft goes first whenever something is not kept yet, and the form follows once it is.
let isKeptForSaving = false;
form.addEventListener("submit", (event) => {
  if (!draftLine || isKeptForSaving || typed() === kept) {
    isLeaving = true;
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  clearTimeout(draftTimer);
  const button = event.submitter;
  const goOn = (answer) => {
    draftLine.removeEventListener("htmx:afterRequest", goOn);
    if (!answer.detail.successful) return;
    isKeptForSaving = true;
    form.requestSubmit(button);
  };
  draftLine.addEventListener("htmx:afterRequest", goOn);
  htmx.trigger(draftLine, "draft-due");
});
window.addEventListener("pageshow", () => {
  isLeaving = false;
  isKeptForSaving = false;
});

// ── Hints ─────────────────────────────────────────────────────────────────────────────

const hints = document.getElementById("hints");
const HINTS_AFTER = 350;
const HINTED = [
  "name", "phone", "id_number", "village", "matter", "other_matter", "event_on", "persons",
  "sensitive", "people_groups", "same_person",
];
// A form may say that everything on it is hinted at: data-hinted="all".
const hinted = () =>
  form.dataset.hinted === "all" ? typed() : HINTED.map(valueOf).join("\n");
let hintsShown = "";
let hintsTimer = 0;

function hintSoon(delay = HINTS_AFTER) {
  if (!hints || hinted() === hintsShown) return;
  clearTimeout(hintsTimer);
  hintsTimer = setTimeout(() => {
    hintsShown = hinted();
    htmx.trigger(hints, "hints-due");
  }, delay);
}

// Two questions, not one: the same person? the same matter?
hints?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-same-person]");
  if (!button) return;
  named("same_person").value = button.dataset.samePerson;
  named("earlier").value = button.dataset.earlier;
  for (const [name, masked] of [["phone", button.dataset.phone], ["id_number", button.dataset.idNumber]]) {
    if (named(name)) named(name).placeholder = masked || "";
  }
  hintSoon(0);
  keepSoon();
});

// ── What follows from what was typed ──────────────────────────────────────────────────

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_SIGNS = "10X98765432";

function readId(text) {
  const number = text.normalize("NFKC").replace(/[\s-]/g, "").toUpperCase();
  const parts = number.match(/^\d{6}(\d{4})(\d{2})(\d{2})\d{2}(\d)[\dX]$/);
  if (!parts) return null;
  const sum = ID_WEIGHTS.reduce((total, weight, n) => total + weight * number[n], 0);
  if (CHECK_SIGNS[sum % 11] !== number[17]) return null;
  return { birth: `${parts[1]}-${parts[2]}-${parts[3]}`, sex: parts[4] % 2 ? "male" : "female" };
}

function ageOf(birth) {
  const parts = birth.normalize("NFKC").match(/^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/);
  if (!parts) return null;
  const [year, month, day] = parts.slice(1).map(Number);
  const today = new Date();
  const isBefore = today.getMonth() + 1 < month || (today.getMonth() + 1 === month && today.getDate() < day);
  return today.getFullYear() - year - isBefore;
}

// Groups the register adds by itself are ticked, marked, and let go when no longer true.
function deriveGroups() {
  const sex = valueOf("sex");
  const age = named("birth_on") ? ageOf(valueOf("birth_on")) : null;
  const ethnic = valueOf("ethnic_group").trim().replace(/族$/, "");
  const holds = {
    women: sex === "female",
    minor: age !== null && age < 18,
    elderly: age !== null && age >= 60,
    ethnic_minority: ethnic !== "" && ethnic !== "汉",
  };
  for (const box of form.querySelectorAll("[name=people_groups]")) {
    const word = document.querySelector(`label[for="${box.id}"] .auto`);
    if (!word || !(box.value in holds)) continue;
    if (holds[box.value]) box.checked = true;
    else if (!word.hidden) box.checked = false;
    word.hidden = !holds[box.value];
  }
  showAge(age);
}

function showAge(age) {
  const label = form.querySelector("label[for=id_sex]");
  if (!label) return;
  let word = label.querySelector(".auto");
  if (!word) {
    word = document.createElement("span");
    word.className = "auto ms-auto";
    label.append(word);
  }
  word.textContent = age === null || age < 0 || age > 150 ? "" : `${age}岁`;
}

function fillFromId() {
  const known = named("id_number") && readId(valueOf("id_number"));
  named("sex")?.toggleAttribute("data-enter-passes", Boolean(known));
  if (!known) return;
  named("sex").value = known.sex;
  named("birth_on").value = known.birth;
}

// A refusal frees the name and what would go with it, a place elsewhere frees the village.
const FREED_BY_REFUSAL = ["name", "phone", "sex", "village", "people_groups"];

function freeFields() {
  for (const name of FREED_BY_REFUSAL) {
    const star = document.querySelector(`#div_id_${name} .form-label .need`);
    if (star && named("is_anonymous")) star.hidden = named("is_anonymous").checked;
  }
  for (const [box, field] of [["is_anonymous", "name"], ["is_from_elsewhere", "village"]]) {
    if (named(box) && named(field)) named(field).disabled = named(box).checked;
  }
}

function showOtherMatters() {
  const cell = document.getElementById("div_id_other_matter");
  const isOther = valueOf("matter") === "other";
  if (cell) cell.hidden = !isOther;
  return isOther;
}

function refresh() {
  fillFromId();
  deriveGroups();
  freeFields();
  showOtherMatters();
}

form.addEventListener("input", () => {
  refresh();
  hintSoon();
  keepSoon();
});
form.addEventListener("change", (event) => {
  refresh();
  hintSoon();
  keepSoon();
  if (event.target.name === "matter" && showOtherMatters()) {
    const other = named("other_matter");
    other.focus();
    // Older browsers open the list with the space bar.
    try { other.showPicker(); } catch { /* stays closed */ }
  }
});

// ── Usual answers ─────────────────────────────────────────────────────────────────────

const answers = document.getElementById("answers");
const answerList = answers?.querySelector("[data-answers]");

function offerAnswers() {
  const usual = document.querySelectorAll("#usual-answers option");
  answerList.replaceChildren(
    ...[...usual].map((option, n) => {
      const button = document.createElement("button");
      button.className = "btn btn-outline-secondary text-start text-wrap justify-content-start";
      button.value = button.textContent = option.value;
      if (n < 9) {
        const key = document.createElement("kbd");
        key.textContent = n + 1;
        button.prepend(key);
      }
      return button;
    }),
  );
  answers.showModal();
  answerList.firstElementChild?.focus();
}

// "/" begins a line, also as the "、" an IME makes of that key; inside a text it is a stroke
// like any other.
named("answer")?.addEventListener("input", (event) => {
  const field = event.target;
  const start = field.selectionStart - 1;
  const line = field.value.slice(field.value.lastIndexOf("\n", start - 1) + 1, start + 1);
  if (!answers || !event.inputType?.startsWith("insert") || !["/", "、"].includes(line)) return;
  field.setRangeText("", start, start + 1, "end");
  offerAnswers();
});
answers?.addEventListener("keydown", (event) => {
  const button = /^[1-9]$/.test(event.key) && answerList.children[event.key - 1];
  if (!button) return;
  event.preventDefault();
  button.click();
});
answerList?.addEventListener("keydown", (event) => {
  if (!ARROWS[event.key]) return;
  event.preventDefault();
  const row = [...answerList.children];
  row[(row.indexOf(event.target) + ARROWS[event.key] + row.length) % row.length].focus();
});
// The answer goes in at once: the dialog's "close" comes a moment later, when a quick clerk is
// already in the next field.
answerList?.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  event.preventDefault();
  answers.close();
  const field = named("answer");
  field.focus();
  field.setRangeText(button.value, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

// ── Rows of chips ─────────────────────────────────────────────────────────────────────
// A row of ticks is one stop, as a row of radio buttons is: arrows go along it, Enter leaves it.

function markStops(row, current) {
  for (const box of row) box.tabIndex = box === current ? 0 : -1;
}

for (const group of form.querySelectorAll(".choices")) {
  const row = [...group.querySelectorAll("input[type=checkbox]")];
  if (!row.length) continue;
  markStops(row, row[0]);
  group.addEventListener("focusin", (event) => markStops(row, event.target));
  group.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if (!step || !row.includes(event.target)) return;
    event.preventDefault();
    row[(row.indexOf(event.target) + step + row.length) % row.length].focus();
  });
}

// A filled field needs none of the ticks beside it: Enter passes them by.
form.addEventListener("keydown", (event) => {
  const { target } = event;
  const tick = target.closest(".cell:not(.wide)")?.querySelector(".beside input");
  const passes =
    event.key === "Enter" && !event.ctrlKey && !event.shiftKey && !event.isComposing &&
    event.keyCode !== 229 && tick && tick !== target && target.value;
  if (!passes) return;
  event.preventDefault();
  moveOn(tick);
});

// ── Begin ─────────────────────────────────────────────────────────────────────────────

refresh();
kept = typed();
hintsShown = hinted();
// The time is already there: begin with the first field that is empty.
if (!form.querySelector(".cell.bad")) {
  const isOpen = (field) => !field.value && !field.hasAttribute("data-enter-passes");
  [...form.querySelectorAll(".sheet input.form-control")].find(isOpen)?.focus();
}
