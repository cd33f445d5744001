// <button data-chosen="name">: can be pressed once a box of that name in its form is ticked.

export function chosen(root) {
  for (const button of root.querySelectorAll("button[data-chosen]")) {
    const form = button.form;
    if (!form) continue;
    const look = () => {
      const boxes = [...form.querySelectorAll("input[type=checkbox]")];
      button.disabled = !boxes.some((box) => box.name === button.dataset.chosen && box.checked);
    };
    form.addEventListener("change", look);
    // What was ticked before comes back with the way back, and without an event.
    window.addEventListener("pageshow", look);
    look();
  }
}
