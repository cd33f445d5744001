// <table data-sort>: a click on a heading sorts the rows that are shown; headings with data-plain stay as they are.

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

export function sorting(root) {
  for (const table of root.querySelectorAll("table[data-sort]")) {
    for (const heading of table.querySelectorAll("thead th:not([data-plain])")) {
      if (!heading.textContent.trim() || heading.querySelector("button")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plain";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sort(table, heading));
    }
  }
}

function sort(table, heading) {
  const column = heading.cellIndex;
  const down = heading.getAttribute("aria-sort") === "ascending";
  for (const other of table.querySelectorAll("thead th")) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const key = (row) => row.cells[column]?.dataset.key ?? row.cells[column]?.textContent.trim() ?? "";
  for (const body of table.tBodies) {
    const rows = [...body.rows].sort((a, b) => collator.compare(key(a), key(b)) * (down ? -1 : 1));
    body.append(...rows);
  }
}
