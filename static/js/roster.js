// The draft of a duty roster: one half-day dragged onto another exchanges who stands them; dragged
// back it is undone. The keyboard does the same on the page of a half-day.
"use strict";

let dragged = null;

const standAt = (event) => event.target.closest?.("[data-exchange]");

function mark(stand) {
  document.querySelector(".stand.onto")?.classList.remove("onto");
  stand?.classList.add("onto");
}

document.addEventListener("dragstart", (event) => {
  dragged = standAt(event);
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.textContent.trim());
  dragged.classList.add("lifted");
});

document.addEventListener("dragover", (event) => {
  const onto = dragged && standAt(event);
  if (!onto || onto === dragged) return mark(null);
  // Only so may it be dropped here.
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  mark(onto);
});

document.addEventListener("drop", (event) => {
  const onto = dragged && standAt(event);
  if (!onto || onto === dragged) return;
  event.preventDefault();
  htmx.ajax("POST", onto.dataset.exchange, {
    source: onto,
    target: onto,
    swap: "outerHTML",
    values: { other: dragged.id.replace("slot-", "") },
  });
});

document.addEventListener("dragend", () => {
  mark(null);
  dragged?.classList.remove("lifted");
  dragged = null;
});
