// <span data-usage="NAME" data-samples="MAX" data-exporters="MAX" hidden>: how full a shard is, asked for when the page
// is there and shown by a number, a word and a colour. Nothing is shown until there is something to show.

const WORDS = ["samples", "exporters"];

export function usages(root) {
  for (const place of root.querySelectorAll("[data-usage]")) load(place);
}

async function load(place) {
  const counts = await Promise.all(WORDS.map((word) => count(place.dataset.usage, word)));
  place.replaceChildren();
  counts.forEach((counted, at) => {
    if (!Number.isFinite(counted)) return;
    place.append(badge(WORDS[at], counted, Number(place.dataset[WORDS[at]])), " ");
    place.hidden = false;
  });
}

// What the shard's Prometheus says, which answers no sample where it scrapes nothing.
async function count(shard, word) {
  try {
    const url = `/rest/shard/${encodeURIComponent(shard)}/usages/?metric=${word}`;
    const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) return NaN;
    const { data } = await answer.json();
    return data.result.length ? Number(data.result[0].value[1]) : 0;
  } catch {
    return NaN;
  }
}

function badge(word, counted, most) {
  const share = most > 0 ? Math.round((100 * counted) / most) : 0;
  const badge = document.createElement("span");
  badge.className = `badge ${tone(share, counted)}`;
  badge.textContent = `${word}: ${most > 0 ? `${share} %` : counted}`;
  badge.title = most > 0 ? `${counted} / ${most}` : `${counted}`;
  return badge;
}

function tone(share, counted) {
  if (share > 90) return "bad";
  if (share > 70) return "warn";
  if (share > 50) return "note";
  return counted === 0 ? "plain" : "good";
}
