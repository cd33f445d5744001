// <button data-add-row="#id">: adds a row to a table of inputs, made from its last one. Without scripts it is
// hidden, or sends the form, which comes back with more rows; so does a <button data-more>, which goes with scripts.
// The hidden count `…-TOTAL_FORMS` goes up with it. <button data-remove-row> takes its row away.
// What is no table holds inputs of one name: one more of them is added.

let added = 0;

export function rows(root, dress) {
  for (const button of root.querySelectorAll("button[data-add-row]")) {
    button.hidden = false;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      if (button.dataset.total) add(button);
      else another(button, dress);
    });
  }
  for (const button of root.querySelectorAll("button[data-remove-row]")) {
    button.hidden = false;
    button.addEventListener("click", () => remove(button));
  }
  for (const button of root.querySelectorAll("button[data-more]")) button.remove();
}

// The numbers of the others stay: a row that is not sent is as one that says nothing.
function remove(button) {
  const row = button.closest("tr");
  const others = [...row.parentElement.children].filter((one) => one !== row);
  if (others.length) {
    row.remove();
    others.at(-1).querySelector("input")?.focus();
  } else {
    blank(row);
  }
}

function blank(row) {
  for (const input of row.querySelectorAll("input, select, textarea")) {
    if (input.type === "checkbox") input.checked = false;
    else if (input.tagName === "SELECT") input.selectedIndex = 0;
    else input.value = "";
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
  for (const remarks of row.querySelectorAll("[data-of-row]")) remarks.remove();
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
  }
  blank(row);
  for (const button of row.querySelectorAll("button[data-remove-row]")) {
    button.addEventListener("click", () => remove(button));
  }
  for (const label of row.querySelectorAll("label")) label.htmlFor = label.htmlFor.replace(/-\d+-/, `-${number}-`);
  total.value = number + 1;
  last.after(row);
  row.querySelector("input")?.focus();
}

// The copies are dressed anew: a clone has no listeners.
function another(button, dress) {
  const place = document.querySelector(button.dataset.addRow);
  const last = place?.lastElementChild;
  if (!last) return;
  const input = last.cloneNode(true);
  added += 1;
  input.id = `${last.id}_${added}`;
  input.value = "";
  input.required = false;
  delete input.dataset.suggesting;
  last.after(input);
  dress(place);
  input.focus();
}
