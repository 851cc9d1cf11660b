// The backlog grid: a block copied from Excel or WPS spreads over the cells from where it is
// pasted; Enter goes to the cell below, arrows up and down move between rows.
"use strict";

const grid = document.querySelector("[data-grid]");

const rowsOf = () =>
  [...grid.tBodies[0].rows]
    .map((row) => [...row.querySelectorAll("input[list], input:not([type])")])
    .filter((cells) => cells.length > 1);

function placeOf(input) {
  const rows = rowsOf();
  const row = rows.findIndex((cells) => cells.includes(input));
  return { rows, row, column: row < 0 ? -1 : rows[row].indexOf(input) };
}

grid.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
  if (!/[\t\n]/.test(text)) return;
  event.preventDefault();
  const { rows, row, column } = placeOf(event.target);
  text.split("\n").forEach((line, down) => {
    line.split("\t").forEach((cell, along) => {
      const input = rows[row + down]?.[column + along];
      if (input) input.value = cell.trim();
    });
  });
});

grid.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.altKey) return;
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  // In a cell with a list, the arrows belong to the list.
  if (!step || (event.key !== "Enter" && event.target.list)) return;
  const { rows, row, column } = placeOf(event.target);
  const next = rows[row + step]?.[column];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.select();
});
