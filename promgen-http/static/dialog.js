// Links to pages of one form that open in a dialog: <a data-dialog href="…">.
import { arrive, put, send } from "./swap.js";

const parser = new DOMParser();

export function dialogs(dress) {
  const dialog = document.createElement("dialog");
  document.body.append(dialog);

  const show = (main) => {
    put(dialog, main);
    const heading = dialog.querySelector("h1, h2");
    if (heading) {
      heading.id = "dialog_title";
      dialog.setAttribute("aria-labelledby", heading.id);
    }
    dress(dialog);
    if (!dialog.open) dialog.showModal();
  };

  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[data-dialog]");
    if (dialog.contains(event.target) && event.target.closest("[data-close]")) {
      event.preventDefault();
      dialog.close();
      return;
    }
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      const page = parser.parseFromString(await answer.text(), "text/html");
      const main = page.querySelector("main");
      if (!answer.ok || answer.redirected || !main) throw new Error("no form");
      show(main);
    } catch {
      location.assign(link.href);
    }
  });

  // A form in the dialog that is refused is shown again; one that is taken leads on.
  dialog.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.submitter?.dataset.result || form.enctype === "multipart/form-data" || form.method !== "post") return;
    event.preventDefault();
    event.stopPropagation();
    const action = new URL(form.getAttribute("action") || location.href, location.href);
    try {
      const answer = await send(form, event.submitter);
      const to = new URL(answer.url);
      const stayed = to.pathname === action.pathname;
      if (stayed && answer.main?.querySelector(".remarks, .notice.bad")) {
        show(answer.main);
      } else if (answer.main) {
        to.hash = form.dataset.hash || location.hash;
        dialog.close();
        arrive({ ...answer, url: to }, dress);
      } else {
        location.assign(to);
      }
    } catch {
      form.submit();
    }
  });
}
