/** Messages as words, as nodes, and in their transcript. Without innerHTML, text cannot become markup. */

import { dateText, fill } from "./texts.js";

const ICONS = {
  chat: "M4 5h16v11H10l-5 4v-4H4z M8 9h8 M8 12.5h5",
  close: "M6 6l12 12 M18 6L6 18",
  down: "M6 9l6 6 6-6",
  more: "M5 12h.01 M12 12h.01 M19 12h.01",
  person: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8z M4.5 20c1-7 14-7 15 0",
  phone: "M7 4l3 4-2 2.5c1 2.5 3 4.5 5.5 5.5l2.5-2 4 3c0 2.5-1.5 4-3.5 4C10 20 4 14 3.5 8c0-2 1.5-4 3.5-4z",
  send: "M4 12l16-8-6 16-3-7z M11 13l9-9",
  check: "M5 12.5l4.5 4.5L19 7.5",
  alert: "M12 4l9 16H3z M12 10v5 M12 17.5h.01",
  clock: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16z M12 8v4.5l3 1.5",
};
const ITEM = /^\s{0,3}(?:[-*•]|(\d+)[.)])\s+(.*)$/;
const MARKS = /\*\*(?=\S)(.+?)\*\*|\[([^\]\n]+)\]\(([^()\s]+)\)|(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/;
/** Besides, numbers to call: in an emergency the short ones too. */
const INLINE = new RegExp(`${MARKS.source}|(\\+\\d[\\d ()-]{7,}\\d)`, "g");
const URGENT = new RegExp(`${INLINE.source.slice(0, -1)}|\\b(?:911|988|112|999)\\b)`, "g");
const NEAR = 64;
/** As in styles.js: the whole panel scrolls. */
const SHORT = matchMedia("(max-height: 480px)");

/**
 * Makes an element; functions become listeners, and false and null are left out. @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Props | null} [props] @param {...Child} children @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (typeof value === "function") element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value || value === 0) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(.../** @type {Node[]} */ (children.filter(Boolean)));
  return element;
}

/** @param {string} className @param {(event: MouseEvent) => unknown} onclick @param {Props} props @param {...Child} children */
export function button(className, onclick, props, ...children) {
  return h("button", { type: "button", class: className, onclick, ...props }, ...children);
}

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  path?.setAttribute("d", ICONS[name]);
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: `icon i-${name}`, "aria-hidden": "true" })) svg?.setAttribute(key, value);
  svg?.append(path ?? "");
  return svg;
}

/** @param {string} text */
export function hidden(text) {
  return h("span", { class: "sr-only" }, text);
}

/** @param {string} number @param {Props} [props] @param {...Child} label */
export function phoneLink(number, props, ...label) {
  return h("a", { href: `tel:${number.replace(/[^\d+*#]/g, "")}`, ...props }, ...(label.length ? label : [number]));
}

/** Paragraphs, lists, bold, links; all else stays text. @param {string} text @param {Texts} t @param {RegExp} marks */
function renderMarkdown(text, t, marks) {
  /** @type {HTMLElement[]} */
  const blocks = [];
  let isOpen = false;
  for (const line of text.split(/\r\n?|\n/)) {
    const [, number, content] = ITEM.exec(line) ?? [];
    const tag = content === undefined ? "p" : number ? "ol" : "ul";
    let block = blocks.at(-1);
    const isSame = isOpen && block?.localName === tag;
    // A blank line ends a paragraph; two items may have one between them.
    if (!line.trim()) {
      isOpen &&= block?.localName !== "p";
      continue;
    }
    if (!block || !isSame) blocks.push((block = h(tag, { dir: "auto", start: number })));
    if (content !== undefined) block.append(h("li", null, ...inline(content, t, marks)));
    else block.append(isSame ? h("br") : "", ...inline(line.trim(), t, marks));
    isOpen = true;
  }
  return blocks;
}

/** @param {string} text @param {Texts} t @param {RegExp} marks @returns {(Node | string)[]} */
function inline(text, t, marks) {
  /** @type {(Node | string)[]} */
  const nodes = [];
  let end = 0;
  for (const { 0: whole, 1: bold, 2: label, 3: url, 4: bare, 5: number, index } of text.matchAll(marks)) {
    const mark = bold ? h("strong", null, ...inline(bold, t, marks)) : number ? phoneLink(number) : link(bare || url || "", label || bare || "", t);
    nodes.push(text.slice(end, index), mark ?? whole);
    end = index + whole.length;
  }
  return [...nodes, text.slice(end)];
}

/** @param {string} href @param {string} label @param {Texts} t @returns {HTMLElement | null} */
function link(href, label, t) {
  if (!/^(https?:\/\/|tel:)/i.test(href) || !URL.canParse(href)) return null;
  if (/^tel:/i.test(href)) return h("a", { href }, label);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", dir: "auto" }, label, hidden(` (${t.newTab})`));
}

/** @param {Message} message @param {Config} config @returns {Button[]} */
function choicesOf({ sender, kind, buttons, reply_to: replyTo }, { t, questions }) {
  const isGreeting = sender === "bot" && kind === "text" && !replyTo;
  const offered = buttons?.length || !isGreeting ? buttons ?? [] : questions.map((title) => ({ title }));
  const isWhole = kind !== "clarify" || !offered.length || offered.some(({ title }) => title === t.none);
  return isWhole ? offered : [...offered, { title: t.none }];
}

/** @param {Answer} answer @param {Config} config @returns {string} */
function reviewText({ reviewed_on: reviewed, review_due_on: due }, { t, language }) {
  const status = reviewed ? fill(t.reviewedOn, { date: dateText(reviewed, language) }) : t.notReviewed;
  const isOverdue = due && due < new Date().toISOString().slice(0, 10);
  return isOverdue ? `${status} ${fill(t.reviewDue, { date: dateText(due, language) })}` : status;
}

/** @param {Source} source @param {Config} config @returns {string} */
function fromText({ read_on: day }, { t, language }) {
  return day ? fill(t.from, { date: dateText(day, language) }) : t.fromUndated;
}

/** @param {Message} message @param {Config} config @param {boolean} [isSpoken] */
export function linesOf(message, config, isSpoken) {
  const { answer, assumed, at, kind, sender, text } = message;
  const { t, language } = config;
  const who = { visitor: t.you, bot: t.assistant, staff: t.staff, system: config.title }[sender];
  const choices = choicesOf(message, config).map(({ title }) => title);
  const plain = text.trim().replace(/\*\*(\S.*?)\*\*/g, "$1").replace(/\[([^\]\n]+)\]\(([^()\s]+)\)/g, (_, label, url) =>
    isSpoken || url.startsWith("tel:") ? label : `${label} (${url})`);
  const lines = [
    isSpoken ? `${who}:` : `${who} · ${dateText(at, language, true)}`,
    kind === "emergency" && `${t.mayBeEmergency}.`,
    assumed && fill(t.assumed, { what: assumed }),
    answer?.title,
    isSpoken ? plain.replace(/^\s*[-*•] /gm, "") : sender === "visitor" ? text : plain,
    ...(isSpoken ? [] : answer?.sources ?? []).map((source) => fill(fromText(source, config), { sources: `${source.title} (${source.url ?? "-"})` })),
    answer && reviewText(answer, config),
    choices.length > 0 && `${t.choices}: ${choices.join(", ")}.`,
  ];
  return /** @type {string[]} */ (lines.filter(Boolean));
}

/** @param {Entry} entry @param {string | null} chosen @param {Around} around @param {boolean} hasCard */
function renderEntry(entry, chosen, around, hasCard) {
  const { kind, sender, text } = entry.message;
  const parts = sender === "visitor" ? visitorParts(entry, around)
    : sender === "system" ? [h("p", { class: "quiet" }, text)] : replyParts(entry, chosen, around, hasCard);
  return h("li", { class: `entry from-${sender}`, "data-kind": kind, tabindex: -1 }, ...parts);
}

/** @param {Entry} entry @param {Around} around @returns {Child[]} */
function visitorParts(entry, { config: { t }, retry }) {
  const { state, problem, message } = entry;
  const bubble = h("div", { class: "bubble", dir: "auto" }, hidden(`${t.you}: `), message.text);
  if (state.startsWith("sen")) return [bubble];
  const words = h("span", null, state === "queued" ? t.queued : t[problem ?? "failed"]);
  const again = state === "failed" && button("button", () => retry(entry), { "data-focus": "retry" }, t.retry);
  return [bubble, h("p", { class: `state quiet ${state}` }, icon(state === "queued" ? "clock" : "alert"), words, again)];
}

/** @param {Entry} entry @param {string | null} chosen @param {Around} around @param {boolean} hasCard @returns {Child[]} */
function replyParts(entry, chosen, { config, choose, contact, feedback }, hasCard) {
  const { message } = entry;
  const { t, language, emergency, phone } = config;
  const { answer, assumed, at, kind } = message;
  const isEmergency = kind === "emergency";
  const banner = isEmergency ? t.mayBeEmergency : kind === "unavailable" && t.unavailable;
  const number = isEmergency ? emergency : banner && phone;
  const choices = choicesOf(message, config);
  const card = [
    banner && h("p", { class: "banner" }, icon(isEmergency ? "alert" : "clock"), h("strong", null, banner)),
    number && phoneLink(number, { class: "button call" }, icon("phone"), `${t.call} ${number}`),
    assumed && h("p", { class: "assumed quiet" }, `${fill(t.assumed, { what: assumed })} ${t.assumedHint}`),
    answer && h("h3", null, answer.title),
    h("div", { class: "text" }, ...renderMarkdown(message.text, t, isEmergency ? URGENT : INLINE)),
    answer && origin(answer, config),
    answer && feedback(entry),
    hasCard && button("button leave", () => contact(entry), { "data-focus": "contact" }, icon("person"), t.leave),
  ];
  return [
    h("p", { class: "meta quiet" }, `${linesOf(message, config, true)[0]?.replace(":", " · ")}`, h("time", { datetime: at }, dateText(at, language, true))),
    h("div", { class: "card", lang: config.contentLanguage }, ...card),
    choices.length > 0 && h("ul", { class: "choices", role: "list", "aria-label": t.choices }, ...choices.map((choice, i) => {
      const isChosen = chosen === choice.title;
      // The chosen one keeps the focus, being only `aria-disabled`.
      const state = isChosen ? { "aria-disabled": "true", "aria-pressed": "true" } : { disabled: chosen !== null };
      const onclick = () => chosen === null && choose(entry, choice);
      return h("li", null, button("button choice", onclick, { ...state, "data-focus": i }, isChosen && icon("check"), choice.title));
    })),
  ];
}

/** @param {Answer} answer @param {Config} config */
function origin(answer, config) {
  const sources = (answer.sources ?? []).map((source) => {
    const [before, after] = fromText(source, config).split("{sources}");
    return h("p", null, before, link(source.url ?? "", source.title, config.t) ?? source.title, after);
  });
  const summary = h("summary", null, h("span", null, fill(config.t.sourcesCount, { count: sources.length })));
  const shown = sources.length > 2 ? [h("details", null, summary, ...sources)] : sources;
  const review = h("p", { class: "review" }, icon(answer.reviewed_on ? "check" : "clock"), h("span", null, reviewText(answer, config)));
  return h("div", { class: "origin quiet" }, ...shown, review);
}

function dots() {
  return h("span", { class: "dots" }, h("i"), h("i"), h("i"));
}

export class Transcript {
  /** @type {Map<string, { node: HTMLElement, look: string }>} */
  #nodes = new Map();
  /** @type {Entry | undefined} */
  #unseen;
  /** Only scrolling up ends it. */
  #isFollowing = true;
  #top = 0;

  /** @param {Conversation} conversation @param {Around} around */
  constructor(conversation, around) {
    const { t } = around.config;
    this.conversation = conversation;
    this.around = around;
    this.list = h("ol", { class: "entries", role: "list" });
    this.working = h("p", { class: "working" });
    this.staff = h("p", { class: "working waits", hidden: true });
    const region = { class: "transcript", role: "region", "aria-label": t.conversation, tabindex: 0 };
    this.element = h("div", { ...region, onscroll: () => this.onScroll() }, this.list, this.working, this.staff);
    this.jump = button("jump", () => this.#jump(), { hidden: true }, icon("down"), t.newMessages);
    new ResizeObserver(() => this.#isFollowing && !SHORT.matches && this.#scrollTo(1e9)).observe(this.element);
    this.showWork("starting");
  }

  /** @param {Entry[]} [added] */
  sync([first] = []) {
    const { entries, isErased, isLoaded, isWaiting, isConnected } = this.conversation;
    const isFirst = !this.#nodes.size;
    const isOwn = entries.some(({ key, state }) => !this.#nodes.has(key) && state === "queued");
    for (const [key, { node }] of this.#nodes) {
      if (entries.some((entry) => entry.key === key)) continue;
      node.remove();
      this.#nodes.delete(key);
    }
    entries.forEach((entry, i) => {
      const node = this.#nodeOf(entry);
      if (this.list.children[i] !== node) this.list.insertBefore(node, this.list.children[i] ?? null);
    });
    this.working.hidden = !isWaiting && (isErased || isLoaded || isConnected === false);
    if (first && this.#isFollowing) this.#reveal(first);
    else if (!isFirst && (isOwn || this.#isFollowing)) this.#scrollTo(1e9);
    if (first && !this.#isSeen(first)) this.#unseen ??= first;
    this.jump.hidden = !this.#unseen || !entries.includes(this.#unseen);
  }

  showLast() {
    const last = this.conversation.entries.findLast(({ message }) => message.sender === "visitor");
    if (last) this.#reveal(last);
  }

  /** @param {"starting" | "working" | "slow"} what @returns {string} */
  showWork(what) {
    const { t, phone } = this.around.config;
    const more = what === "slow" && phone ? [` ${t.call} `, phoneLink(phone), "."] : [];
    this.working.replaceChildren(dots(), h("span", null, t[what], ...more));
    this.sync();
    return this.working.textContent ?? "";
  }

  /** Waiting for staff, or their typing; nothing clears it. @param {string} text @param {boolean} [isTyping] */
  showStaff(text, isTyping) {
    if (this.staff.hidden === !text && this.staff.textContent === text) return;
    this.staff.hidden = !text;
    this.staff.replaceChildren(isTyping ? dots() : icon("clock") ?? "", h("span", null, text));
    this.sync();
  }

  /** @param {Entry} entry */
  #nodeOf(entry) {
    const titles = choicesOf(entry.message, this.around.config).map(({ title }) => title);
    const chosen = titles.length ? this.conversation.chosenOf(entry, titles) : null;
    const hasCard = this.conversation.cardMessage?.id === entry.message.id;
    const look = [entry.message.id, entry.state, entry.problem, chosen, hasCard].join();
    const known = this.#nodes.get(entry.key);
    if (known?.look === look) return known.node;
    const focused = /** @type {HTMLElement | null} */ (/** @type {ShadowRoot} */ (this.element.getRootNode()).activeElement);
    const held = known?.node.contains(focused ?? null) && focused;
    const node = renderEntry(entry, chosen, this.around, hasCard);
    known?.node.replaceWith(node);
    this.#nodes.set(entry.key, { node, look });
    // The focus stays on the same button, else on the entry.
    const twin = held && (node.contains(held) ? held : node.querySelector(`[data-focus="${held.dataset.focus}"]`));
    if (held) /** @type {HTMLElement} */ (twin ?? node).focus({ preventScroll: true });
    return node;
  }

  /** @returns {Element} */
  get #scroller() {
    return (SHORT.matches && this.element.parentElement) || this.element;
  }

  /** @param {Entry} entry @returns {boolean} */
  #isSeen(entry) {
    const top = this.#nodes.get(entry.key)?.node.getBoundingClientRect().top ?? 0;
    return top < this.#scroller.getBoundingClientRect().bottom - NEAR;
  }

  /** With its question above it. @param {Entry} entry */
  #reveal(entry) {
    const node = this.#nodes.get(entry.key)?.node;
    const before = node?.previousElementSibling;
    const start = before?.classList.contains("from-visitor") ? before : node;
    if (start) this.show(start, true);
  }

  /** On a gesture. @param {Entry} entry */
  focus(entry) {
    this.#nodes.get(entry.key)?.node.focus({ preventScroll: true });
    this.#reveal(entry);
  }

  /** Who has scrolled up to read is left there, unless they asked for it. @param {Element} node @param {boolean} hasGesture */
  show(node, hasGesture) {
    if (hasGesture || this.#isFollowing) this.#scrollTo(this.#scroller.scrollTop + node.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top - 12);
  }

  /** @param {number} top */
  #scrollTo(top) {
    this.#scroller.scrollTop = top;
    this.#isFollowing = false;
    this.onScroll();
  }

  onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#isFollowing = scrollHeight - scrollTop - clientHeight < NEAR || (this.#isFollowing && scrollTop >= this.#top);
    this.#top = scrollTop;
    if (this.#unseen && this.#isSeen(this.#unseen)) this.#unseen = undefined;
    this.jump.hidden = !this.#unseen;
  }

  /** On a gesture, so the focus may go along. */
  #jump() {
    if (this.#unseen) this.focus(this.#unseen);
  }
}
