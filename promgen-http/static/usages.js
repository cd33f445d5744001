// <span data-usage="ID">: how full a shard is, asked for when the page is there and shown by a word and a colour.
// Nothing is shown until there is something to show.

export function usages(root) {
  for (const place of root.querySelectorAll("[data-usage]")) load(place);
}

async function load(place) {
  try {
    const url = `/rest/shard/${encodeURIComponent(place.dataset.usage)}/usages/`;
    const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) return;
    show(place, await answer.json());
  } catch {
    // Without an answer there is no badge.
  }
}

function show(place, usages) {
  for (const [name, { usage, max }] of Object.entries(usages)) {
    if (!Number.isFinite(usage)) continue;
    const share = max > 0 ? Math.round((100 * usage) / max) : 0;
    const badge = document.createElement("span");
    badge.className = `badge ${tone(share, usage)}`;
    badge.textContent = `${name}: ${max > 0 ? `${share} %` : usage}`;
    badge.title = max > 0 ? `${usage} / ${max}` : `${usage}`;
    place.append(badge, " ");
  }
  place.hidden = false;
}

function tone(share, usage) {
  if (share > 90) return "bad";
  if (share > 70) return "warn";
  if (share > 50) return "note";
  return usage === 0 ? "plain" : "good";
}
