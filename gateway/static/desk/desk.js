/** Every page of the desk: the token on each change, what refusals look like, and keys. Without it all pages work as plain forms. */

import { listen } from "./stream.js";

const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const notice = document.querySelector("#notice");
const KEYS = [
  ["g", "call centre"], ["u", "queue"], ["j k", "next, previous"], ["Enter", "open"], ["c", "claim"], ["t", "take over the chat"],
  ["b", "hand back to the assistant"], ["m", "mark as called"], ["e", "release"], ["z", "snooze"], ["r", "resolve"], ["o", "reopen"], ["n", "note"], ["?", "this list"],
];

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = token;
  if (event.detail.triggeringEvent?.type === "refresh") event.detail.headers["X-Frontdesk-Background"] = "1";
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb === "post") notice.replaceChildren();
});
document.addEventListener("htmx:sendError", () => tell("The server cannot be reached. Nothing was changed. Please try again."));
document.addEventListener("htmx:timeout", () => tell("The server did not answer in time. Please look whether it was done, then try again."));

/** @param {string} words shown under the header and read out */
export function tell(words) {
  const line = document.createElement("p");
  line.className = "refusal";
  line.textContent = words;
  notice.replaceChildren(line);
}

/** @param {string} words read out, not shown */
export function say(words) {
  document.querySelector("#said").textContent = words;
}

/** @param {KeyboardEvent} event */
function isTyping(event) {
  return event.target instanceof HTMLElement && (event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return closeMenus();
  if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?") return showKeys();
  if (event.key === "g") return go("/desk/assist");
  if (event.key === "u") return go("/desk");
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!(target instanceof HTMLElement)) return;
  event.preventDefault();
  if (target instanceof HTMLTextAreaElement) target.focus();
  else target.click();
});

/** @param {string} address */
function go(address) {
  if (document.querySelector(`nav a[href="${address}"]`)) location.assign(address);
}

function closeMenus() {
  for (const open of document.querySelectorAll("details.menu[open], details.actions[open]")) open.open = false;
}

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.menu[open]")) if (!open.contains(event.target)) open.open = false;
});

function showKeys() {
  const dialog = document.createElement("dialog");
  const list = document.createElement("dl");
  list.className = "pairs";
  for (const [key, words] of KEYS) {
    const name = document.createElement("dt");
    const meaning = document.createElement("dd");
    name.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    meaning.textContent = words;
    list.append(name, meaning);
  }
  const close = Object.assign(document.createElement("button"), { className: "plain", textContent: "Close" });
  close.addEventListener("click", () => dialog.close());
  dialog.setAttribute("aria-label", "Keys");
  dialog.append(list, close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

listen("ended", () => location.reload());
