// Finds and sorts the rows; without it, the list stands in the order of its parameters files.
const table = document.querySelector("table.index");
const body = table.tBodies[0];
const found = document.getElementById("found");
const order = new Intl.Collator("da", { numeric: true });

document.querySelector(".find").hidden = false;
table.querySelector(".sortable").hidden = false;

const find = document.getElementById("find");
// A minus may be typed as a hyphen; the line's words are of other seasons.
const plain = (text) => text.toLocaleLowerCase("da").replaceAll("\u2212", "-");
const shownText = (row) => [...row.cells].map((cell) => cell.innerText ?? "").join(" ");
find.addEventListener("input", () => {
  const words = plain(find.value).split(/\s+/).filter(Boolean);
  for (const row of body.rows) {
    row.hidden = false;
    const text = plain(shownText(row));
    row.hidden = !words.every((word) => text.includes(word));
  }
  const shown = [...body.rows].filter((row) => !row.hidden).length;
  found.textContent = words.length ? `${shown} af ${body.rows.length} rapporter` : "";
});

for (const heading of table.querySelectorAll("thead th:not(.fixed)")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = heading.textContent;
  heading.replaceChildren(button);
  button.addEventListener("click", () => {
    const falling = heading.ariaSort === "ascending";
    for (const other of table.querySelectorAll("thead th")) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", falling ? "descending" : "ascending");
    sort(heading.cellIndex, falling);
  });
}

function sort(column, falling) {
  const rows = [...body.rows].sort((one, other) => {
    const [a, b] = [one, other].map((row) => row.cells[column]);
    return compared(a, b) * (falling ? -1 : 1);
  });
  body.append(...rows);
}

function compared(a, b) {
  const values = [a.dataset.value, b.dataset.value];
  if (values.every((value) => value && !Number.isNaN(Number(value)))) {
    return Number(values[0]) - Number(values[1]);
  }
  return order.compare(values[0] ?? a.textContent.trim(), values[1] ?? b.textContent.trim());
}
