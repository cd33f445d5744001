// The numbers beside "Alerts" and "Silences": asked for once the page is there, after what may have changed them,
// and every minute while somebody looks.

const EVERY_MS = 60_000;

export async function badges() {
  const places = [...document.querySelectorAll("[data-badge]")];
  if (!places.length) return;
  try {
    const answer = await fetch("/badges", { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) return;
    const counts = await answer.json();
    for (const place of places) {
      const count = counts[place.dataset.badge];
      if (!Number.isInteger(count)) continue;
      place.textContent = count;
      place.toggleAttribute("data-some", count > 0);
      place.hidden = false;
    }
  } catch {
    // Without an answer there are no numbers.
  }
}

export function keepBadges() {
  badges();
  setInterval(() => {
    if (document.visibilityState === "visible") badges();
  }, EVERY_MS);
}
