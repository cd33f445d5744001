// Finds an element as a person does: by what it is, what it is called, and words that stand near it or
// nothing. One with exactly that name goes before one whose name begins so.
const [role, name, near] = arguments;
const SELECTORS = {
  button: "button, input[type=submit], input[type=button], summary, [role=button]",
  link: "a[href]",
  field: "input:not([type=hidden], [type=submit], [type=button]), textarea, select",
  heading: "h1, h2, h3, h4",
  option: "option",
  tab: "nav.tabs a",
};
const PARTS = "tr, li, dd, fieldset, article, form, section, dialog, main, body";
const tidy = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const said = (ids) => ids.split(/\s+/).map((id) => document.getElementById(id)?.textContent).join(" ");
const called = (element) => [
  element.getAttribute("aria-label"),
  said(element.getAttribute("aria-labelledby") ?? ""),
  ...Array.from(element.labels ?? [], (label) => label.textContent),
  role === "field" ? element.name : element.textContent,
  element.matches("input[type=submit], input[type=button]") ? element.value : "",
  element.title,
].map(tidy);
const shown = (element) =>
  (role === "option" ? element.closest("select") : element).checkVisibility({ visibilityProperty: true });
// How much is said in the smallest part of the page that has both the element and the words.
const distance = (element) => {
  if (role === "option") return called.call(null, element.closest("select")).some((one) => one.startsWith(near)) ? 0 : Infinity;
  for (let part = element.closest(PARTS); part; part = part.parentElement?.closest(PARTS)) {
    const text = tidy(part.innerText);
    if (text.includes(near)) return text.length;
  }
  return Infinity;
};
const place = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
const all = [...place.querySelectorAll(SELECTORS[role])]
  .filter(shown)
  .map((element) => ({ element, names: called(element), distance: near ? distance(element) : 0 }))
  .filter((one) => one.distance < Infinity)
  .sort((one, other) => one.distance - other.distance);
const found = all.find((one) => one.names.includes(name))
  ?? all.find((one) => one.names.some((text) => text.startsWith(name)));
return found?.element ?? null;
