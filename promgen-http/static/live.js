// <button data-live data-result="#id">: presses itself a moment after something was typed into its form.

const PATIENCE_MS = 500;

export function live(root) {
  for (const button of root.querySelectorAll("button[data-live]")) {
    let waiting;
    button.form?.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        if (button.isConnected) button.form.requestSubmit(button);
      }, PATIENCE_MS);
    });
  }
}
