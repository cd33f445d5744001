// <input data-filter="#id">: shows the rows or cards of that element that hold what is typed.

const PATIENCE_MS = 250;

export function filters(root) {
  for (const input of root.querySelectorAll("input[data-filter]")) {
    const box = input.closest("[data-filter-box]");
    if (box) box.hidden = false;
    let waiting;
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => apply(input), PATIENCE_MS);
    });
  }
}

function apply(input) {
  const place = document.querySelector(input.dataset.filter);
  if (!place) return;
  const wanted = input.value.trim().toLowerCase();
  const rows = place.tagName === "TABLE" ? place.querySelectorAll("tbody tr") : place.children;
  for (const row of rows) row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
}
