// The backlog grid: a block copied from Excel or WPS spreads over the cells from where it is
// pasted, or under the headers it brings along; the grid grows with it. Enter goes to the cell
// below, arrows up and down move between rows.
"use strict";

const grid = document.querySelector("[data-grid]");
const body = grid.tBodies[0];
const MOST = Number(grid.dataset.most);

const rowsOf = () =>
  [...body.rows]
    .map((row) => [...row.querySelectorAll("input[list], input:not([type])")])
    .filter((cells) => cells.length > 1);

function placeOf(input) {
  const rows = rowsOf();
  const row = rows.findIndex((cells) => cells.includes(input));
  return { rows, row, column: row < 0 ? -1 : rows[row].indexOf(input) };
}

// ── What the clipboard brings ─────────────────────────────────────────────────────────
// Cells are parted by tabs. A cell with a tab, a new line or a quotation mark in it stands in
// quotation marks, those inside it doubled.

function cellsOf(text) {
  const rows = [[]];
  const part = /(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))(\t|\n|$)/y;
  while (part.lastIndex < text.length || rows[rows.length - 1].length === 0) {
    const [, quoted, plain, end] = part.exec(text);
    const cell = quoted === undefined ? plain : quoted.replace(/""/g, '"');
    // A cell of the grid is one line.
    rows[rows.length - 1].push(cell.replace(/\s*\n\s*/g, " ").trim());
    if (end === "") break;
    if (end === "\n") rows.push([]);
  }
  return rows.filter((cells) => cells.some(Boolean));
}

// ── Where it goes ─────────────────────────────────────────────────────────────────────

const HEADERS = new Map(
  [...grid.tHead.querySelectorAll("[data-headers]")].flatMap((head, column) =>
    head.dataset.headers.split("|").map((name) => [name.toLowerCase(), column]),
  ),
);

const bare = (header) => header.replace(/[\s*＊：:]/g, "").toLowerCase();

// The columns that a line of headers names, or null when it is a row like any other.
function columnsNamed(cells) {
  const columns = cells.map((cell) => HEADERS.get(bare(cell)) ?? HEADERS.get(cell.toLowerCase()));
  const known = columns.filter((column) => column !== undefined).length;
  return known > 1 && known >= cells.filter(Boolean).length / 2 ? columns : null;
}

function addRow() {
  const row = body.rows[0].cloneNode(true);
  const n = rowsOf().length;
  row.className = "";
  row.querySelector("th").textContent = n + 1;
  for (const cell of row.querySelectorAll("td")) {
    cell.className = "";
    cell.querySelector(".invalid-feedback")?.remove();
  }
  for (const input of row.querySelectorAll("input")) {
    input.value = "";
    input.name = input.name.replace(/^\d+/, n);
    input.setAttribute("aria-label", input.getAttribute("aria-label").replace(/^\d+/, n + 1));
    input.removeAttribute("aria-invalid");
    input.removeAttribute("title");
  }
  body.append(row);
}

function tell(sentences) {
  const words = document.getElementById("pasted-words").content;
  const place = document.getElementById("pasted");
  place.hidden = false;
  place.textContent = sentences
    .map(([name, values]) =>
      words
        .querySelector(`[data-for="${name}"]`)
        .textContent.replace(/\{(\w+)\}/g, (_whole, key) => values[key]),
    )
    .join(" ");
}

grid.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  if (!/[\t\n]/.test(text)) return;
  event.preventDefault();
  let { row, column } = placeOf(event.target);
  const lines = cellsOf(text);
  // A register may have its title above its headers.
  const at = lines.slice(0, 4).findIndex((cells) => columnsNamed(cells));
  const named = at < 0 ? null : columnsNamed(lines[at]);
  const headers = named ? lines.splice(0, at + 1)[at] : [];
  const room = MOST - row;
  while (rowsOf().length < Math.min(row + lines.length, MOST)) addRow();
  const rows = rowsOf();
  for (const cells of lines.slice(0, room)) {
    const filled = new Set();
    cells.forEach((cell, along) => {
      const to = named ? named[along] : column + along;
      const input = to === undefined ? null : rows[row][to];
      if (!input) return;
      // Day and time may stand in two columns of one name.
      input.value = filled.has(to) ? `${input.value} ${cell}`.trim() : cell;
      filled.add(to);
    });
    row += 1;
  }
  const sentences = [["placed", { rows: Math.min(lines.length, room) }]];
  const leftOut = headers.filter(
    (header, along) => named[along] === undefined && lines.some((cells) => header && cells[along]),
  );
  if (leftOut.length) sentences.push(["left-out", { columns: leftOut.join("、") }]);
  if (lines.length > room) sentences.push(["too-many", { rows: lines.length - room }]);
  tell(sentences);
});

// ── Moving ────────────────────────────────────────────────────────────────────────────

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
