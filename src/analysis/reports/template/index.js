// Finds and sorts the rows; without it, the list stands in the districts' order.
const table = document.querySelector("table.index");
const groups = [...table.tBodies];
const rows = groups.flatMap((group) => [...group.querySelectorAll("tr:not(.group)")]);
const found = document.getElementById("found");
const order = new Intl.Collator("da", { numeric: true });

document.querySelector(".find").hidden = false;
table.querySelector(".sortable").hidden = false;

const find = document.getElementById("find");
// A minus may be typed as a hyphen.
const plain = (text) => text.toLocaleLowerCase("da").replaceAll("\u2212", "-");
// All that stands in a row, also what is folded, and the district above it.
const texts = new Map(
  groups.flatMap((group) => {
    const [heading, ...own] = group.rows;
    return own.map((row) => [row, plain(`${heading.textContent} ${row.textContent}`)]);
  }),
);
find.addEventListener("input", () => {
  const words = plain(find.value).split(/\s+/).filter(Boolean);
  for (const row of rows) row.hidden = !words.every((word) => texts.get(row).includes(word));
  for (const group of groups) {
    const heading = group.querySelector(".group");
    if (heading) heading.hidden = [...group.rows].slice(1).every((row) => row.hidden);
  }
  const shown = rows.filter((row) => !row.hidden).length;
  found.textContent = words.length ? `${shown} af ${rows.length} rapporter` : "";
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

// Sorted, the rows stand in one list, without the districts between them.
function sort(column, falling) {
  const value = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
  const isNumber = rows.every((row) => !Number.isNaN(Number(value(row))));
  const sorted = [...rows].sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    // What has no value stands last in either order.
    if (a === "" || b === "") return (a === "") - (b === "");
    return (isNumber ? a - b : order.compare(a, b)) * (falling ? -1 : 1);
  });
  for (const group of groups) group.querySelector(".group")?.remove();
  groups[0].append(...sorted);
}
