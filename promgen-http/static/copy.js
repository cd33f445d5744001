// <button data-copy="#id">: copies the text of that element. Shown only where that is possible.

export function copy(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const place = document.querySelector(button.dataset.copy);
      await navigator.clipboard.writeText(place.value ?? place.textContent);
      const label = button.textContent;
      button.textContent = "✓";
      setTimeout(() => (button.textContent = label), 1500);
    });
  }
}
