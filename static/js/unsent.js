// The liaison's leads when the network comes and goes. What is handed in lies in the phone's own
// store until the site has said that it has it; each lead carries one key, so that however often
// it is sent it arrives once. Sent leads are wiped at once, the others when somebody signs out.
"use strict";

(() => {
  const form = document.querySelector("[data-lead-form]");
  const box = document.querySelector("[data-unsent]");
  if (!form || !box) return;

  const QUEUE = "leads-unsent";
  const OWNER = "leads-owner";
  const AGAIN_AFTER = 30_000;
  const FIELDS = ["client_key", "kind", "name", "phone", "words", "urgency"];

  // ── The store ──────────────────────────────────────────────────────────────────────

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(QUEUE)) || [];
    } catch {
      return [];
    }
  };
  const write = (leads) => {
    if (leads.length) localStorage.setItem(QUEUE, JSON.stringify(leads));
    else localStorage.removeItem(QUEUE);
  };
  const take = (key) => {
    const lead = read().find((each) => each.client_key === key);
    write(read().filter((each) => each.client_key !== key));
    return lead;
  };
  const change = (key, sentence) =>
    write(read().map((each) => (each.client_key === key ? { ...each, sentence } : each)));

  let owner = form.dataset.owner;
  try {
    if (owner) localStorage.setItem(OWNER, owner);
    else owner = localStorage.getItem(OWNER) || "";
  } catch {
    // Without a store the form goes the plain way.
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

  // ── What is seen ───────────────────────────────────────────────────────────────────

  const sentences = box.querySelector("[data-sentences]").content;
  const sentence = (name) => sentences.querySelector(`[data-for="${name}"]`).cloneNode(true);
  const kindName = (kind) => form.querySelector(`label[for="kind-${kind}"]`)?.textContent ?? "";

  function say(name) {
    box.querySelector("[data-why]").replaceChildren(...(name ? [sentence(name)] : []));
  }

  function show(why) {
    const leads = read();
    const mine = leads.filter((lead) => lead.owner === owner);
    box.hidden = !leads.length && why !== "sent";
    box.querySelector("[data-count]").textContent = leads.length || "";
    box.querySelector("[data-send-again]").hidden = !mine.length;
    const row = box.querySelector("[data-row]").content;
    box.querySelector("ul").replaceChildren(
      ...mine.map((lead) => {
        const line = row.cloneNode(true).firstElementChild;
        line.dataset.key = lead.client_key;
        line.querySelector("[data-what]").textContent = kindName(lead.kind);
        line.querySelector("[data-whom]").textContent = [lead.name, lead.words]
          .filter(Boolean)
          .join("　");
        line.querySelector("[data-sentence]").textContent = lead.sentence || "";
        return line;
      }),
    );
    if (why) say(why);
    else if (leads.length && !mine.length) say("others");
  }

  // ── Sending ────────────────────────────────────────────────────────────────────────

  let isBusy = false;

  const isTyped = () =>
    ["name", "phone", "words"].some((name) => form.elements[name].value) ||
    Boolean(form.querySelector("[name=kind]:checked"));

  // Return what to say: "" when there was nothing to send.
  async function send() {
    if (!read().some((lead) => !lead.sentence)) return read().length ? "wrong" : "";
    const asked = await fetch(box.dataset.tokenUrl, { redirect: "manual", cache: "no-store" });
    if (asked.type === "opaqueredirect" || asked.status === 401) return "signed-out";
    if (!asked.ok) return "later";
    const signedIn = await asked.json();
    owner = signedIn.owner;
    localStorage.setItem(OWNER, owner);
    let why = "";
    for (const lead of read()) {
      if (lead.owner !== owner || lead.sentence) continue;
      const answer = await fetch(box.dataset.sendUrl, {
        method: "POST",
        redirect: "manual",
        headers: { "X-CSRFToken": signedIn.token },
        body: new URLSearchParams(FIELDS.map((name) => [name, lead[name]])),
      });
      if (answer.ok) {
        take(lead.client_key);
        why ||= "sent";
      } else if (answer.status === 422) {
        change(lead.client_key, (await answer.json()).sentence);
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

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = new FormData(form);
    const isMissing = !typed.get("kind");
    form.querySelector("[data-kind-missing]").hidden = !isMissing;
    if (isMissing) {
      document.getElementById("kinds").scrollIntoView({ block: "center" });
      return;
    }
    const lead = Object.fromEntries(FIELDS.map((name) => [name, typed.get(name) || ""]));
    write([...read(), { ...lead, client_key: newKey(), owner }]);
    form.reset();
    show();
    box.scrollIntoView({ block: "center" });
    flush();
  });

  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-send-again]")) return flush();
    const key = event.target.closest("li")?.dataset.key;
    const isMending = event.target.closest("[data-mend]");
    if (!key || isBusy || !(isMending || event.target.closest("[data-drop]"))) return undefined;
    const lead = take(key);
    if (isMending && lead) {
      for (const name of ["name", "phone", "words"]) form.elements[name].value = lead[name];
      for (const name of ["kind", "urgency"]) form.elements[name].value = lead[name];
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

  if (form.dataset.worker && "serviceWorker" in navigator) {
    navigator.serviceWorker.register(form.dataset.worker).catch(() => {});
  }
  window.addEventListener("online", flush);
  setInterval(() => read().length && flush(), AGAIN_AFTER);
  show();
  if (read().length) flush();
})();
