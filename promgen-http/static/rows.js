// <button data-add-row="#id">: adds a row to a table of inputs, made from its last one. Without scripts there is
// one blank row, and another one after each save. The hidden count `…-TOTAL_FORMS` goes up with it.

export function rows(root) {
  for (const button of root.querySelectorAll("button[data-add-row]")) {
    button.hidden = false;
    button.addEventListener("click", () => add(button));
  }
}

function add(button) {
  const table = document.querySelector(button.dataset.addRow);
  const last = table?.querySelector("tbody tr:last-child");
  const total = document.getElementById(button.dataset.total);
  if (!last || !total) return;
  const row = last.cloneNode(true);
  const number = Number(total.value);
  for (const input of row.querySelectorAll("input, select, textarea")) {
    for (const attribute of ["name", "id"]) {
      input[attribute] = input[attribute].replace(/-\d+-/, `-${number}-`);
    }
    if (input.type === "checkbox") input.checked = false;
    else if (input.tagName === "SELECT") input.selectedIndex = 0;
    else input.value = "";
  }
  for (const label of row.querySelectorAll("label")) label.htmlFor = label.htmlFor.replace(/-\d+-/, `-${number}-`);
  total.value = number + 1;
  last.after(row);
  row.querySelector("input")?.focus();
}
