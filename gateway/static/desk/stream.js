/**
 * What happens at the desk, live. Browsers open few connections to one server, so one tab of many holds the stream and
 * passes on what comes; when it closes, the next one takes over.
 */

const NAMES = ["handoffs", "messages", "typing", "ended"];
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("frontdesk-desk") : undefined;
const here = new EventTarget();

/**
 * @param {"handoffs" | "messages" | "typing" | "ended" | "open"} name
 * @param {(data: any) => void} act
 */
export function listen(name, act) {
  here.addEventListener(name, (event) => act(event.detail));
}

/** @param {string} name @param {any} data */
function pass(name, data) {
  here.dispatchEvent(new CustomEvent(name, { detail: data }));
}

function follow() {
  const source = new EventSource("/desk/events");
  source.addEventListener("open", () => spread("open", {}));
  for (const name of NAMES) source.addEventListener(name, (event) => spread(name, JSON.parse(event.data)));
  return source;
}

/** @param {string} name @param {any} data */
function spread(name, data) {
  pass(name, data);
  channel?.postMessage({ name, data });
}

channel?.addEventListener("message", (event) => pass(event.data.name, event.data.data));

if (document.body.hasAttribute("data-live")) {
  if (channel && navigator.locks) navigator.locks.request("frontdesk-desk", () => new Promise(() => void follow()));
  else follow();
}
