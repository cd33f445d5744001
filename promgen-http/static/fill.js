// <button data-fill="#id" data-value="…">: puts that value into the field. Shown only with scripts,
// together with the element [data-fill-box] around it.

export function fills(root) {
  for (const button of root.querySelectorAll("button[data-fill]")) {
    button.hidden = false;
    const box = button.closest("[data-fill-box]");
    if (box) box.hidden = false;
    button.addEventListener("click", () => {
      const field = document.querySelector(button.dataset.fill);
      if (!field) return;
      field.value = button.dataset.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
}
