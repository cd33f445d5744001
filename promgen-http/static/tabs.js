// <nav class="tabs"> with links to <section class="tab" id="…">: one is shown at a time, and the address says which.

let listening = false;

export function tabs(root) {
  for (const nav of root.querySelectorAll("nav.tabs")) dress(nav);
  if (!listening) {
    listening = true;
    window.addEventListener("hashchange", () => {
      for (const nav of document.querySelectorAll("nav.tabs")) choose(nav);
    });
  }
}

function dress(nav) {
  nav.setAttribute("role", "tablist");
  for (const link of nav.querySelectorAll("a")) {
    link.setAttribute("role", "tab");
    const panel = document.getElementById(link.hash.slice(1));
    if (!panel) continue;
    link.id ||= `tab_${panel.id}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", link.id);
    panel.tabIndex = -1;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      history.pushState(null, "", link.hash);
      choose(nav);
    });
    link.addEventListener("keydown", (event) => move(nav, link, event));
  }
  choose(nav);
}

function move(nav, link, event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const links = [...nav.querySelectorAll("a")];
  const next = links[(links.indexOf(link) + step + links.length) % links.length];
  next.focus();
  next.click();
}

function choose(nav) {
  const links = [...nav.querySelectorAll("a")].filter((link) => document.getElementById(link.hash.slice(1)));
  if (!links.length) return;
  const wanted = links.find((link) => link.hash === location.hash) || links[0];
  for (const link of links) {
    const chosen = link === wanted;
    link.setAttribute("aria-selected", String(chosen));
    link.tabIndex = chosen ? 0 : -1;
    document.getElementById(link.hash.slice(1)).hidden = !chosen;
  }
}

window.addEventListener("popstate", () => {
  for (const nav of document.querySelectorAll("nav.tabs")) choose(nav);
});
