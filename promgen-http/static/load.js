// <div id="x" data-load="/path">: what the page at that path has in the element of the same id, or else all of its
// <main>, comes into its place as soon as it is seen. What takes long to ask for keeps no page waiting.

const parser = new DOMParser();

export function loads(root, dress) {
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      load(target, dress);
    }
  });
  for (const place of root.querySelectorAll("[data-load]")) seen.observe(place);
}

async function load(place, dress) {
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(place.dataset.load, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    const page = parser.parseFromString(await answer.text(), "text/html");
    const found = page.getElementById(place.id) || page.querySelector("main");
    // What somebody has ticked meanwhile is worth more than what comes late.
    if (!answer.ok || answer.redirected || !found || place.querySelector(":checked")) return;
    place.replaceChildren(...[...found.childNodes].map((node) => document.importNode(node, true)));
    dress(place);
  } catch {
    // Without an answer everything stays as it is, with a link to ask.
  } finally {
    place.removeAttribute("aria-busy");
  }
}
