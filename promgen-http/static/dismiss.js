// <button data-dismiss>: takes away what it stands in. `hidden` until then, for without scripts it does nothing.

export function dismisses(root) {
  for (const button of root.querySelectorAll("button[data-dismiss]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      button.parentElement.remove();
      document.getElementById("main")?.focus();
    });
  }
}
