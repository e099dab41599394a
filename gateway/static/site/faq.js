/** Search within the page of questions and answers. Without this script the page is whole, only without search. */

const search = document.querySelector(".search");
const input = document.querySelector("#query");
const status = document.querySelector("#found");
const answers = [...document.querySelectorAll("details")].map((element) => ({ element, text: comparable(textOf(element)) }));

/** @param {HTMLElement} element an answer; its group and topic are words to find it by */
function textOf(element) {
  const group = element.closest(".group")?.querySelector("h3")?.textContent ?? "";
  const topic = element.closest(".topic")?.querySelector("h2")?.textContent ?? "";
  return `${element.textContent} ${group} ${topic}`;
}

/** @param {string} text */
function comparable(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function filter() {
  const words = comparable(input.value).split(/\s+/).filter(Boolean);
  const isSearching = words.length > 0;
  let count = 0;
  for (const { element, text } of answers) {
    element.hidden = isSearching && !words.every((word) => text.includes(word));
    if (!element.hidden) count += 1;
  }
  for (const holder of document.querySelectorAll(".group, .topic")) {
    holder.hidden = isSearching && !holder.querySelector("details:not([hidden])");
  }
  document.querySelector(".contents").hidden = isSearching;
  status.textContent = isSearching ? sentence(count) : "";
}

/** @param {number} count */
function sentence(count) {
  if (count === 0) return "No answer has all these words. Try fewer.";
  return count === 1 ? "1 answer" : `${count} answers`;
}

function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}

if (search && input && status) {
  search.hidden = false;
  search.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", filter);
  filter();
}
addEventListener("hashchange", openTarget);
openTarget();

/** Browsers that cannot show closed answers on paper by style need them open. */
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const element of closed) element.open = true;
});
addEventListener("afterprint", () => {
  for (const element of closed) element.open = false;
});
