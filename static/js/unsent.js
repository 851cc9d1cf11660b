// What a liaison hands in when the network comes and goes: leads, lines of the log, reports on
// tasks. Each lies in the phone's own store until the site has said that it has it; each carries
// one key, so that however often it is sent it arrives once. What is sent is wiped at once, the
// rest when somebody signs out.
"use strict";

(() => {
  const box = document.querySelector("[data-unsent]");
  if (!box) return;

  const QUEUE = "phone-unsent";
  const OWNER = "phone-owner";
  const AGAIN_AFTER = 30_000;
  const forms = [...document.querySelectorAll("form[data-queue]")];

  // ── The store ──────────────────────────────────────────────────────────────────────

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(QUEUE)) || [];
    } catch {
      return [];
    }
  };
  const write = (things) => {
    if (things.length) localStorage.setItem(QUEUE, JSON.stringify(things));
    else localStorage.removeItem(QUEUE);
  };
  const take = (key) => {
    const thing = read().find((each) => each.key === key);
    write(read().filter((each) => each.key !== key));
    return thing;
  };
  const change = (key, sentence) =>
    write(read().map((each) => (each.key === key ? { ...each, sentence } : each)));

  let { owner } = box.dataset;
  try {
    if (owner) localStorage.setItem(OWNER, owner);
    else owner = localStorage.getItem(OWNER) || "";
  } catch {
    // Without a store the forms go the plain way.
    return;
  }

  // Not every phone has randomUUID: it wants https.
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // ── What is typed ──────────────────────────────────────────────────────────────────

  const SENT_ANEW = ["csrfmiddlewaretoken", "client_key"];

  const typedIn = (form) =>
    Object.fromEntries([...new FormData(form)].filter(([name]) => !SENT_ANEW.includes(name)));

  // What the list calls it: the task, or the word on the pressed chip.
  function titleOf(form) {
    const pressed = form.querySelector("input[type=radio]:checked");
    if (form.dataset.title || !pressed) return form.dataset.title ?? "";
    const label = form.querySelector(`label[for="${pressed.id}"]`).cloneNode(true);
    label.querySelector("small")?.remove();
    return label.textContent.trim();
  }

  const formOf = (thing) =>
    forms.find(
      (form) =>
        form.dataset.queue === thing.what &&
        (!thing.fields.task || form.elements.task?.value === thing.fields.task),
    );

  const isTyped = () =>
    forms.some(
      (form) =>
        [...form.querySelectorAll("input:not([type]), textarea")].some(({ value }) => value) ||
        Boolean(form.querySelector(`[name="${form.dataset.needs}"][type=radio]:checked`)),
    );

  // ── What is seen ───────────────────────────────────────────────────────────────────

  const sentences = box.querySelector("[data-sentences]").content;
  const sentence = (name) => sentences.querySelector(`[data-for="${name}"]`).cloneNode(true);

  function say(name) {
    box.querySelector("[data-why]").replaceChildren(...(name ? [sentence(name)] : []));
  }

  function show(why) {
    const things = read();
    const mine = things.filter((thing) => thing.owner === owner);
    box.hidden = !things.length && why !== "sent";
    box.querySelector("[data-count]").textContent = things.length || "";
    box.querySelector("[data-send-again]").hidden = !mine.length;
    const row = box.querySelector("[data-row]").content;
    box.querySelector("ul").replaceChildren(
      ...mine.map((thing) => {
        const line = row.cloneNode(true).firstElementChild;
        line.dataset.key = thing.key;
        line.querySelector("[data-what]").textContent = thing.title;
        line.querySelector("[data-whom]").textContent = [
          thing.fields.name,
          thing.fields.words || thing.fields.result,
        ]
          .filter(Boolean)
          .join("　");
        line.querySelector("[data-sentence]").textContent = thing.sentence || "";
        line.querySelector("[data-mend]").hidden = !formOf(thing);
        return line;
      }),
    );
    // What is reported lies in the list; it is not typed a second time.
    for (const form of forms.filter((each) => each.elements.task)) {
      form.hidden = mine.some((thing) => thing.fields.task === form.elements.task.value);
    }
    if (why) say(why);
    else if (things.length && !mine.length) say("others");
  }

  // ── Sending ────────────────────────────────────────────────────────────────────────

  let isBusy = false;

  // Return what to say: "" when there was nothing to send.
  async function send() {
    if (!read().some((thing) => !thing.sentence)) return read().length ? "wrong" : "";
    const asked = await fetch(box.dataset.tokenUrl, { redirect: "manual", cache: "no-store" });
    if (asked.type === "opaqueredirect" || asked.status === 401) return "signed-out";
    if (!asked.ok) return "later";
    const signedIn = await asked.json();
    owner = signedIn.owner;
    localStorage.setItem(OWNER, owner);
    let why = "";
    for (const { key, what, fields, owner: whose, sentence: refused } of read()) {
      if (whose !== owner || refused) continue;
      const answer = await fetch(box.dataset.sendUrl, {
        method: "POST",
        redirect: "manual",
        headers: { "X-CSRFToken": signedIn.token },
        body: new URLSearchParams({ ...fields, what, client_key: key }),
      });
      if (answer.ok) {
        take(key);
        why ||= "sent";
      } else if (answer.status === 422) {
        change(key, (await answer.json()).sentence);
        why = "wrong";
      } else {
        return answer.type === "opaqueredirect" ? "signed-out" : "later";
      }
    }
    return why;
  }

  async function flush() {
    if (isBusy) return;
    isBusy = true;
    if (read().length) show("sending");
    const why = await send().catch(() => "offline");
    isBusy = false;
    // The page then shows what was sent and what became of the others.
    if (why === "sent" && !read().length && !isTyped()) location.assign(box.dataset.homeUrl);
    else show(why);
  }

  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const fields = typedIn(form);
      const missing = form.querySelector("[data-missing]");
      missing.hidden = Boolean(fields[form.dataset.needs]?.trim());
      if (!missing.hidden) {
        missing.scrollIntoView({ block: "center" });
        return;
      }
      const what = form.dataset.queue;
      write([...read(), { key: newKey(), what, fields, title: titleOf(form), owner }]);
      form.reset();
      show();
      box.scrollIntoView({ block: "center" });
      flush();
    });
  }

  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-send-again]")) return flush();
    const key = event.target.closest("li")?.dataset.key;
    const isMending = event.target.closest("[data-mend]");
    if (!key || isBusy || !(isMending || event.target.closest("[data-drop]"))) return undefined;
    const thing = take(key);
    if (isMending && thing) {
      const form = formOf(thing);
      for (const [name, value] of Object.entries(thing.fields)) form.elements[name].value = value;
      form.scrollIntoView({ block: "nearest" });
    }
    return show("");
  });

  // ── Signing out ────────────────────────────────────────────────────────────────────

  const out = document.querySelector("[data-sign-out]");
  out?.addEventListener("submit", (event) => {
    if (read().length && !out.hasAttribute("data-warned")) {
      event.preventDefault();
      out.setAttribute("data-warned", "");
      out.querySelector("button").replaceChildren(sentence("leave"));
      show("leaving");
      box.scrollIntoView({ block: "center" });
      return;
    }
    localStorage.removeItem(QUEUE);
    localStorage.removeItem(OWNER);
  });

  // ── When ───────────────────────────────────────────────────────────────────────────

  if (box.dataset.worker && "serviceWorker" in navigator) {
    navigator.serviceWorker.register(box.dataset.worker).catch(() => {});
  }
  // A kept page does not know what day it is.
  const now = new Date();
  const today = new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  for (const day of document.querySelectorAll("[data-queue] input[type=date]")) {
    day.defaultValue ||= today;
  }
  window.addEventListener("online", flush);
  setInterval(() => read().length && flush(), AGAIN_AFTER);
  show();
  if (read().length) flush();
})();
