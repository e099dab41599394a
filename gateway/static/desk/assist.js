/** The call centre with the keyboard alone: type, arrows, Enter to read, one key to count the call. */

import { say, tell } from "./desk.js";

const input = document.querySelector("#q");
const list = document.querySelector("#found");
const answer = document.querySelector("#answer");
const nothing = answer.querySelector(".told") ? "" : answer.innerHTML;
const options = () => [...list.querySelectorAll(".option")];
const chosen = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

/** @param {number} place */
function mark(place) {
  options().forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
  options()[place]?.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", options()[place]?.id ?? "");
}

async function read(place) {
  const option = options()[place];
  if (!option) return;
  mark(place);
  const address = `/desk/assist/answer?id=${encodeURIComponent(option.dataset.id)}&q=${encodeURIComponent(input.value)}`;
  await htmx.ajax("GET", address, { target: "#answer", swap: "innerHTML" });
}

input.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const count = options().length;
    if (count) mark((chosen() + (event.key === "ArrowDown" ? 1 : count + (chosen() < 0 ? 0 : -1))) % count);
  } else if (event.key === "Enter") {
    event.preventDefault();
    read(Math.max(chosen(), 0));
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "F2") press(event, '[data-count="answered"]');
  else if (event.key === "F4") press(event, '[data-count="not_answered"]');
  else if (event.key === "F8") handOver(event);
  else if (event.key === "Escape") nextCall();
  else if (event.key === "/" && event.target !== input && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) {
    event.preventDefault();
    input.select();
  }
});

/** @param {KeyboardEvent} event @param {string} selector */
function press(event, selector) {
  event.preventDefault();
  const form = document.querySelector(selector);
  if (!form) return tell("Please choose an answer first: Enter opens the one that is marked.");
  form.requestSubmit();
}

/** @param {Event} event */
function handOver(event) {
  const link = document.querySelector("[data-handoff]");
  if (!link) return;
  event.preventDefault();
  location.assign(`/desk/assist/handoff?question=${encodeURIComponent(input.value)}`);
}
document.querySelector("[data-handoff]")?.addEventListener("click", handOver);

function nextCall() {
  input.value = "";
  list.replaceChildren();
  if (nothing) answer.innerHTML = nothing;
  input.focus();
}

/** What was typed is counted with the call, so that curators see what is missing. */
document.addEventListener("submit", (event) => {
  const question = event.target.querySelector?.('[name="question"]');
  if (question && event.target.dataset.count) question.value = input.value;
});

list.addEventListener("click", (event) => {
  const option = event.target.closest(".option");
  if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  read(options().indexOf(option));
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === list) {
    mark(options().length ? 0 : -1);
    input.setAttribute("aria-expanded", String(options().length > 0));
    say(options().length === 1 ? "1 answer" : `${options().length} answers`);
  }
  for (const button of answer.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
});

answer.addEventListener("click", (event) => {
  const text = event.target.closest("[data-copy]")?.dataset.copy;
  if (text !== undefined) navigator.clipboard.writeText(text).then(() => say("The text is copied."));
});

if (options().length && chosen() < 0) mark(0);
