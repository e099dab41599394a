/** A handoff page: new messages as they come, typing in both directions, approved answers put into the reply. */

import { say } from "./desk.js";
import { listen } from "./stream.js";

const TYPING_MS = 4000;
let typedAt = 0;
let quiet;
let refreshing;
let isChanging = false;

const root = () => document.querySelector("#handoff");
const lines = () => document.querySelector("#lines");
const field = () => document.querySelector("#text");
const id = root()?.dataset.id;

listen("handoffs", (data) => {
  if (data.changes.some((change) => change.id === id)) refresh();
});
listen("messages", (data) => {
  if (data.handoffs.includes(id)) fetchNew();
});
listen("typing", (data) => {
  if (data.handoffs.includes(id)) showTyping();
});
listen("open", () => fetchNew());

/** While a reply or a note is being written, or an answer searched, the page is not replaced; the state then waits until it is sent, and so with a change under way. */
function refresh() {
  clearTimeout(refreshing);
  const isInMenu = document.activeElement?.closest("#handoff details.actions[open]");
  const isWriting = isInMenu || [...document.querySelectorAll("#handoff textarea")].some((area) => area.value);
  if (isWriting || isChanging) refreshing = setTimeout(refresh, isWriting ? 3000 : 300);
  else refreshing = setTimeout(() => htmx.trigger("#handoff", "refresh"), 80);
}

/** What was asked for before a change must not replace what the change brings. */
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb !== "post") return;
  isChanging = true;
  htmx.trigger("#handoff", "htmx:abort");
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig.verb === "post") isChanging = false;
});

async function fetchNew() {
  const list = lines();
  if (!list?.querySelector("[data-seq]")) return refresh();
  const after = Number([...list.querySelectorAll("[data-seq]")].pop().dataset.seq);
  const response = await fetch(`/desk/handoffs/${id}/messages?after=${after}`, { headers: { "HX-Request": "true", "X-Frontdesk-Background": "1" } });
  if (!response.ok) return;
  add(await response.text(), after);
}

/** @param {string} html of our own template @param {number} after what was there when it was asked for */
function add(html, after) {
  const came = new DOMParser().parseFromString(`<ol>${html}</ol>`, "text/html").querySelectorAll("li[data-seq]");
  const list = lines();
  const known = Math.max(after, ...[...list.querySelectorAll("[data-seq]")].map((line) => Number(line.dataset.seq)));
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  for (const line of came) {
    if (Number(line.dataset.seq) <= known) continue;
    list.append(document.importNode(line, true));
    if (line.classList.contains("visitor")) say(`Visitor: ${line.querySelector(".text").textContent.trim()}`);
  }
  if (came.length) document.querySelector("#typing").textContent = "";
  if (isAtEnd) toEnd();
}

function toEnd() {
  const list = lines();
  if (list) list.scrollTop = list.scrollHeight;
}

function showTyping() {
  const place = document.querySelector("#typing");
  place.textContent = "The visitor is typing …";
  clearTimeout(quiet);
  quiet = setTimeout(() => { place.textContent = ""; }, TYPING_MS + 1500);
}

document.addEventListener("input", (event) => {
  const address = event.target.dataset?.typing;
  if (!address || Date.now() - typedAt < TYPING_MS) return;
  typedAt = Date.now();
  const token = document.querySelector('meta[name="csrf-token"]').content;
  fetch(address, { method: "POST", headers: { "X-CSRF-Token": token, "HX-Request": "true" } }).catch(() => { typedAt = 0; });
});

document.addEventListener("keydown", (event) => {
  if (event.target.id === "text" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
  if (event.altKey && event.code === "KeyA" && field()) {
    event.preventDefault();
    document.querySelector("#insert").open = true;
    document.querySelector("#insert-search").focus();
  }
  if (event.target.id === "insert-search") choose(event);
});

/** @param {KeyboardEvent} event arrows and Enter in the list of answers */
function choose(event) {
  const options = [...document.querySelectorAll("#insert-found .option")];
  const place = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const next = (place + (event.key === "ArrowDown" ? 1 : -1) + options.length) % (options.length || 1);
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === next)));
    options[next]?.scrollIntoView({ block: "nearest" });
    event.target.setAttribute("aria-activedescendant", options[next]?.id ?? "");
  } else if (event.key === "Enter") {
    event.preventDefault();
    (options[place] ?? options[0])?.click();
  }
}

document.addEventListener("click", (event) => {
  const text = event.target.closest?.("[data-insert]")?.dataset.insert;
  if (text === undefined || !field()) return;
  const area = field();
  area.setRangeText((area.value && !area.value.endsWith("\n") ? "\n\n" : "") + text, area.selectionStart, area.selectionEnd, "end");
  document.querySelector("#insert").open = false;
  area.focus();
});

/** After one's own reply the field is there again, empty and ready. */
document.addEventListener("htmx:afterSettle", (event) => {
  toEnd();
  if (event.detail.requestConfig?.path?.endsWith("/reply") || event.detail.requestConfig?.path?.endsWith("/take-over")) field()?.focus();
});
toEnd();
