// Forms that are sent without leaving the page: <form data-swap> puts the answer's <main> into the place
// of the page's, <button data-result="#id"> puts it into that element: only its [data-answer], where there
// is one.

import { badges } from "./badges.js";

const parser = new DOMParser();

// What stands around <main> and tells where one is.
const AROUND = [".crumbs", ".bar-nav"];

// Sends a form as the browser would, and reads the page that comes back.
export async function send(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button && button.name) body.append(button.name, button.value);
  const action = (button && button.getAttribute("formaction")) || form.getAttribute("action") || location.href;
  const get = (button?.getAttribute("formmethod") || form.method).toLowerCase() === "get";
  const url = new URL(action, location.href);
  if (get) url.search = body;
  const answer = await fetch(url, {
    method: get ? "GET" : "POST",
    body: get ? undefined : body,
    headers: { Accept: "text/html" },
    credentials: "same-origin",
  });
  const page = parser.parseFromString(await answer.text(), "text/html");
  return { url: answer.url, main: page.querySelector("main"), page };
}

// Shows a page that was read already: to load it once more would lose what it says once.
export function arrive({ url, main, page }, dress) {
  const place = document.querySelector("main");
  for (const part of AROUND) {
    const [old, other] = [document.querySelector(part), page.querySelector(part)];
    if (old && other) put(old, other);
  }
  document.title = page.title;
  history.pushState(null, "", url);
  put(place, main);
  dress(place);
  badges();
  place.focus();
  window.scrollTo(0, 0);
}

export function put(place, main) {
  place.replaceChildren(...[...main.childNodes].map((node) => document.importNode(node, true)));
}

async function swap(form, button, dress) {
  const place = document.querySelector("main");
  const { main } = await send(form, button);
  if (!main) return false;
  const focus = document.activeElement?.id;
  put(place, main);
  dress(place);
  badges();
  if (focus) document.getElementById(focus)?.focus();
  return true;
}

async function result(form, button, dress) {
  const place = document.querySelector(button.dataset.result);
  if (!place) return false;
  const { main } = await send(form, button);
  if (!main) return false;
  const part = main.querySelector("[data-answer]");
  part ? place.replaceChildren(document.importNode(part, true)) : put(place, main);
  place.hidden = false;
  dress(place);
  return true;
}

export function swaps(dress) {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const button = event.submitter;
    const inline = button?.dataset.result;
    if (event.defaultPrevented || form.enctype === "multipart/form-data") return;
    if (!inline && !form.hasAttribute("data-swap")) return;
    event.preventDefault();
    // What presses itself while somebody types is not seen to.
    if (!button?.hasAttribute("data-live")) form.classList.add("busy");
    try {
      const done = inline ? await result(form, button, dress) : await swap(form, button, dress);
      if (!done) location.reload();
    } catch {
      // Without an answer the browser tries, and says what is wrong.
      button ? form.requestSubmit.call(strip(form, button)) : form.submit();
    } finally {
      form.classList.remove("busy");
    }
  });
}

function strip(form, button) {
  form.removeAttribute("data-swap");
  delete button.dataset.result;
  return form;
}
