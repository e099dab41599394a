/** The queue: refreshed when something changes, with a mark in the title and, if wanted, a sound when somebody new waits. */

import { say } from "./desk.js";
import { listen } from "./stream.js";

const title = document.title;
const sound = document.querySelector("#sound");
let unseen = 0;
let audio;
let refreshing;

listen("handoffs", (data) => {
  clearTimeout(refreshing);
  refreshing = setTimeout(() => htmx.trigger("#queue", "refresh"), 80);
  const fresh = data.changes.filter((change) => change.action === "handoff.filed" || change.action === "handoff.reopened").length;
  if (fresh) announce(fresh);
});
listen("open", () => htmx.trigger("#queue", "refresh"));

/** @param {number} count how many came */
function announce(count) {
  unseen += document.hidden ? count : 0;
  badge();
  say(count === 1 ? "A new request is waiting." : `${count} new requests are waiting.`);
  if (sound?.getAttribute("aria-pressed") === "true") ring();
}

function badge() {
  document.title = unseen ? `(${unseen}) ${title}` : title;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen = 0;
  badge();
});

/** Two soft tones; browsers allow sound only after a click, which switching it on is. */
function ring() {
  audio ??= new AudioContext();
  for (const [start, pitch] of [[0, 660], [0.18, 880]]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.12, audio.currentTime + start);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + start + 0.35);
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + start);
    tone.stop(audio.currentTime + start + 0.4);
  }
}

if (sound) {
  sound.hidden = false;
  sound.setAttribute("aria-pressed", String(remembered() === "on"));
  sound.addEventListener("click", () => {
    const isOn = sound.getAttribute("aria-pressed") !== "true";
    sound.setAttribute("aria-pressed", String(isOn));
    remember(isOn ? "on" : "off");
    if (isOn) ring();
  });
}

function remembered() {
  try { return localStorage.getItem("frontdesk-sound"); } catch { return null; }
}

/** @param {string} value */
function remember(value) {
  try { localStorage.setItem("frontdesk-sound", value); } catch { /* private windows forbid it; the switch works until the page closes */ }
}

document.addEventListener("keydown", (event) => {
  if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key !== "j" && event.key !== "k") return;
  const links = [...document.querySelectorAll("#queue .whole")];
  if (!links.length) return;
  const place = links.indexOf(document.activeElement);
  const next = event.key === "j" ? Math.min(place + 1, links.length - 1) : Math.max(place - 1, 0);
  links[next].focus();
});

/** A refresh replaces the rows; whoever stood on one stays on it. */
let standing;
document.addEventListener("htmx:beforeSwap", () => {
  standing = document.activeElement?.closest?.("#queue a")?.getAttribute("href");
});
document.addEventListener("htmx:afterSettle", () => {
  if (standing) document.querySelector(`#queue a[href="${CSS.escape(standing)}"]`)?.focus({ preventScroll: true });
  standing = undefined;
});
