// <input list="ID" data-suggest="/rest/…?q=">: what is typed is sent to that path, and the names that come back become
// the suggestions. Names in the data-except of the <datalist> are left out. Without scripts the first ones are there.

const PATIENCE_MS = 250;

export function suggests(root) {
  for (const input of root.querySelectorAll("input[data-suggest]:not([data-suggesting])")) {
    input.dataset.suggesting = "";
    let waiting;
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => suggest(input), PATIENCE_MS);
    });
  }
}

async function suggest(input) {
  const text = input.value.trim();
  const list = input.list;
  if (!text || !list) return;
  try {
    const answer = await fetch(input.dataset.suggest + encodeURIComponent(text), { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { results } = await answer.json();
    // Another answer may be on its way already.
    if (input.value.trim() === text) fill(list, results);
  } catch {
    // Suggestions are comfort: the name can be typed.
  }
}

function fill(list, results) {
  const except = new Set((list.dataset.except ?? "").split("\n"));
  const options = results.map(option).filter((one) => !except.has(one.value));
  list.replaceChildren(...options);
}

function option({ username, name, first_name, last_name, email }) {
  const one = document.createElement("option");
  one.value = username ?? name;
  const names = [first_name, last_name].filter(Boolean).join(" ");
  one.textContent = [one.value, ...[names, email].filter(Boolean).map((part) => `(${part})`)].join(" ");
  return one;
}
