// The little that htmx does not do: keys, large print, one press per button, plain words when an
// answer does not come. Elements say what they take part in by data- attributes:
//   data-press="F4"         this key presses the element (also "Ctrl+Enter", "Esc")
//   data-enter-moves        on a form: Enter goes to the next field; so it does in every form that
//                           fills the page (.fill)
//   data-enter-passes       on a field that fills itself: Enter goes past it, Tab does not
//   data-number-keys        on a row of chips: a number chooses the chip with that data-key
//   data-take-focus         takes the focus when it appears
//   data-in-sight           is scrolled into sight when the page opens
//   data-newest-last        moves sideways, and opens at its end
//   data-open="id"          opens that <dialog>
"use strict";

const isTextField = (element) =>
  element.matches("textarea, select, [contenteditable]") ||
  element.matches("input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit])");

// What a closed fold holds has its place in newer Chromium, but cannot take the focus.
const isShown = (element) =>
  element.getClientRects().length > 0 && !element.disabled &&
  !element.closest("details:not([open]) > :not(summary)");

const firstShown = (selector, within = document) =>
  [...within.querySelectorAll(selector)].find(isShown);

// ── Keys ──────────────────────────────────────────────────────────────────────────────

const FUNCTION_KEYS = new Set(["F2", "F4", "F7", "F8", "F9"]);

function press(key, within = document) {
  const element = firstShown(`[data-press="${key}"]`, within);
  if (element) element.click();
  return Boolean(element);
}

function save(target) {
  const form = target.closest("form") || firstShown("form [data-press='Ctrl+Enter']")?.form;
  if (!form) return false;
  if (press("Ctrl+Enter", form)) return true;
  const button = firstShown("button:not([type=button])", form);
  if (button) button.click();
  return Boolean(button);
}

// The way back stands first on a page, where it has one.
function goBack() {
  const back = firstShown("main .back");
  if (back) back.click();
  return Boolean(back);
}

// What dropped from a button closes first, and the focus goes back to the button.
function closeDrop(target) {
  const drop =
    target.closest("details.drop[open]") ?? document.querySelector("details.drop[open]");
  if (!drop) return false;
  drop.open = false;
  drop.querySelector("summary").focus();
  return true;
}

function moveOn(target) {
  const stops = [...target.form.elements].filter(
    (element) =>
      isShown(element) &&
      element.tabIndex >= 0 &&
      !element.readOnly &&
      element.type !== "hidden" &&
      element.tagName !== "FIELDSET" &&
      (element === target || !element.hasAttribute("data-enter-passes")) &&
      // Of a row of radio buttons one is a stop: the chosen one, else the first.
      (element.type !== "radio" ||
        element.checked ||
        (!element.form.querySelector(`input[name="${element.name}"]:checked`) &&
          element === element.form.querySelector(`input[name="${element.name}"]`))),
  );
  const here = stops.findIndex(
    (element) => element === target || (target.type === "radio" && element.name === target.name),
  );
  stops[here + 1]?.focus();
}

function chooseByNumber(event) {
  const row = event.target.closest("[data-number-keys]");
  const chip = row?.querySelector(`[data-key="${event.key}"]`);
  if (!chip) return false;
  const choice = document.getElementById(chip.htmlFor);
  choice.focus();
  choice.click();
  return true;
}

function onKey(event) {
  // While an IME composes, no key is ours.
  if (event.isComposing || event.keyCode === 229 || event.altKey || event.metaKey) return false;
  const { key, target } = event;
  if (event.ctrlKey) return key === "Enter" && save(target);
  if (document.querySelector("dialog[open]")) return false;
  if (FUNCTION_KEYS.has(key)) return press(key);
  if (key === "Escape") {
    return closeDrop(target) || (!isTextField(target) && (press("Esc") || goBack()));
  }
  if (key === "Enter") {
    const moves =
      target.form?.matches("[data-enter-moves], .fill") &&
      target.matches("input, select") &&
      !event.shiftKey;
    if (moves) moveOn(target);
    return moves;
  }
  if (isTextField(target)) return false;
  if (/^[0-9]$/.test(key)) return chooseByNumber(event);
  if (key === "/") {
    const search = firstShown("[data-search]");
    search?.focus();
    search?.select();
    return Boolean(search);
  }
  if (key === "?") {
    document.getElementById("keys")?.showModal();
    return true;
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  if (!event.defaultPrevented && onKey(event)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
});

// ── The token ─────────────────────────────────────────────────────────────────────────
// Signing in again in another window changes the token; the page that waited takes the new one.

const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];

document.addEventListener("htmx:configRequest", (event) => {
  if (token()) event.detail.headers["X-CSRFToken"] = token();
});

// ── A session that has ended ──────────────────────────────────────────────────────────
// A sheet that stood open long is sent only once the server still knows who sits here: otherwise
// the answer would be the sign-in page, and what was typed would be gone. Where a draft is kept
// (#draft) nothing is lost either way.

const LONG_OPEN = 5 * 60 * 1000;
let heardAt = Date.now();

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const isAtRisk = form.method === "post" && form.matches(".fill") && !form.querySelector("#draft");
  if (!isAtRisk || event.defaultPrevented || Date.now() - heardAt < LONG_OPEN) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event.submitter;
  const answer = await fetch(location.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer) return say("offline");
  if (answer.status === 401) return say("signed-out");
  heardAt = Date.now();
  form.requestSubmit(button);
});

// ── One press ─────────────────────────────────────────────────────────────────────────

function setSent(form, isSent) {
  form.toggleAttribute("data-sent", isSent);
  for (const element of form.elements) {
    if (element.type === "submit" && (isSent || element.hasAttribute("data-held"))) {
      element.disabled = isSent;
      element.toggleAttribute("data-held", isSent);
    }
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.hasAttribute("data-sent")) {
    event.preventDefault();
    return;
  }
  const field = form.elements.csrfmiddlewaretoken;
  if (field && token()) field.value = token();
  form.toggleAttribute("data-sent", true);
  // After the browser has read which button was pressed.
  setTimeout(() => setSent(form, true));
  // A file that is downloaded leaves the page standing.
  setTimeout(() => setSent(form, false), 8000);
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) setSent(form, false);
});

// ── Large print ───────────────────────────────────────────────────────────────────────
// Without a reload, so that nothing typed is lost.

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-large-print]");
  if (!form) return;
  event.preventDefault();
  const isLarge = event.submitter.value === "large";
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { "X-CSRFToken": token(), "HX-Request": "true" },
    body: new URLSearchParams({ size: event.submitter.value }),
  }).catch(() => null);
  if (!answer?.ok) return say("offline");
  if (isLarge) document.documentElement.dataset.print = "large";
  else delete document.documentElement.dataset.print;
  for (const button of document.querySelectorAll("[data-large-print] button")) {
    if (button.hasAttribute("aria-pressed")) {
      button.setAttribute("aria-pressed", String(button.value === event.submitter.value));
    } else {
      button.value = isLarge ? "usual" : "large";
      button.textContent = button.dataset[button.value];
    }
  }
}, true);

// ── When an answer does not come ──────────────────────────────────────────────────────

function say(what) {
  const sentence = document
    .getElementById("sentences")
    ?.content.querySelector(`[data-for="${what}"]`)
    .cloneNode(true);
  if (!sentence) return;
  const place = document.getElementById("messages") || document.querySelector("main") || document.body;
  place.querySelector("[data-for]")?.remove();
  place.prepend(sentence);
  sentence.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 401) say("signed-out");
  else if (status === 403) say("forbidden");
  else if (status === 404) say("gone");
  else say("broken");
});
document.addEventListener("htmx:sendError", () => say("offline"));
document.addEventListener("htmx:timeout", () => say("offline"));
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) return;
  heardAt = Date.now();
  document.querySelector("#messages [data-for]")?.remove();
});
// A form that htmx sent and that came back with its mistakes (422) is shown like any other.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// ── Focus ─────────────────────────────────────────────────────────────────────────────

const takeFocus = (within) => within.querySelector("[data-take-focus]")?.focus();
document.addEventListener("DOMContentLoaded", () => takeFocus(document));
document.addEventListener("htmx:afterSwap", (event) => takeFocus(event.detail.target));
// A wide table that scrolls within its box begins where it matters: today's column of a roster.
// So does a long rail: where one is.
document.addEventListener("DOMContentLoaded", () => {
  for (const element of document.querySelectorAll("[data-in-sight]")) {
    if (isShown(element)) element.scrollIntoView({ block: "nearest", inline: "center" });
  }
  for (const box of document.querySelectorAll("[data-newest-last]")) box.scrollLeft = box.scrollWidth;
});
document.addEventListener("htmx:afterSettle", () =>
  document.activeElement?.closest(".choosing")?.scrollIntoView({ block: "nearest", inline: "nearest" }),
);
