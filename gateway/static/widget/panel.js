/** The panel shows a conversation and steers it. */

import { Composer, MOST_CHARACTERS } from "./composer.js";
import { ContactCard } from "./contact.js";
import { button, h, hidden, icon, linesOf, phoneLink, Transcript } from "./messages.js";
import { PAPER, sheetOf } from "./styles.js";
import { dateText, fill } from "./texts.js";

const GOOD_NEWS_MS = 8_000;
const SAY_WORKING_MS = 2_000;
const SLOW_MS = 8_000;
/** Under 0.1 s TalkBack misses it (BotFramework-WebChat). */
const KEEP_SPEECH_MS = 1_000;
/** Staff say that they type about every three seconds. */
const TYPING_LASTS_MS = 6_000;

/** On the transcript itself, the whole history would be read again (BotFramework-WebChat#1876). @param {"polite" | "assertive"} how */
export function announcer(how) {
  const element = h("div", { class: "sr-only", "aria-live": how });
  const say = (/** @type {string} */ text) => {
    const line = h("p", null, text);
    element.append(line);
    setTimeout(() => line.remove(), KEEP_SPEECH_MS);
  };
  return { element, say };
}

export class Panel {
  /** @type {number[]} */
  #timers = [];
  /** A comment half written is not lost. @type {Map<string, HTMLElement>} */
  #feedback = new Map();
  #typing = 0;

  /** @param {Conversation} conversation @param {Config} config @param {() => void} onClose */
  constructor(conversation, config, onClose) {
    const { t } = config;
    this.conversation = conversation;
    this.config = config;
    this.live = announcer("polite");
    this.alarm = announcer("assertive");
    this.transcript = new Transcript(conversation, {
      config,
      choose: (entry, choice) => conversation.say(choice, entry.message.id),
      retry: (entry) => conversation.retry(entry),
      feedback: (entry) => this.#feedbackOf(entry.message.id),
      contact: (entry) => this.card.open(entry.message.contact_card ?? {}, true),
    });
    this.card = new ContactCard(conversation, config, {
      say: this.live.say,
      shown: (card, hasGesture) => this.transcript.show(card, hasGesture),
      done: (entry) => entry && this.transcript.focus(entry),
      cancelled: () => this.#onCancelled(),
    });
    this.transcript.element.append(this.card.element);
    this.composer = new Composer(t, {
      send: (title) => conversation.say({ title }),
      draft: (text) => conversation.memory.write(":draft", text || null),
      typing: () => conversation.typing(),
      person: () => this.#askPerson(),
      contact: () => this.card.open({}, true),
      say: this.live.say,
    });
    this.again = button("button call", () => this.#restart(), {}, t.again);
    this.ended = h("div", null, h("p", null, t.erased), this.again);
    this.notice = h("div", { class: "notice" });
    this.title = h("h2", { id: "title", tabindex: -1 }, config.title);
    this.more = button("tool", () => this.#showMenu(this.menu.hidden === true), { "aria-controls": "menu" }, icon("more"), hidden(t.menu));
    this.menu = h("ul", { id: "menu", class: "menu", role: "list" });
    this.menu.append(this.#menuItem(t.copy, () => this.#copy()), this.#menuItem(t.print, () => this.#print()), this.#menuItem(t.erase, () => this.#erase()));
    const foot = h("div", { class: "foot" }, this.notice, this.composer.element, this.ended);
    const parts = [this.#header(onClose), this.transcript.element, this.transcript.jump, foot, this.live.element, this.alarm.element];
    const onscroll = () => this.transcript.onScroll();
    this.element = h("dialog", { id: "panel", class: "panel", "aria-labelledby": "title", onscroll }, ...parts);
    this.composer.value = conversation.memory.read(":draft") ?? "";
    this.#showMenu(false);
    this.#showEnded();
  }

  /** Not into the box on touch screens: it would raise the keyboard. */
  focus() {
    const isTouch = matchMedia("(pointer: coarse)").matches;
    (this.conversation.isErased ? this.again : isTouch ? this.title : this.composer.box).focus();
  }

  refresh() {
    this.composer.fit();
    this.transcript.sync();
    this.transcript.showLast();
  }

  /** @param {News} news */
  onNews({ added, isHistory, isConnected, wasLost, refused, isErased, isTyping }) {
    if (isTyping) this.#onTyping();
    if (added) this.#onChange(added, isHistory);
    if (isConnected !== undefined) this.#onConnection(isConnected, wasLost);
    if (refused) this.composer.value ||= refused;
    if (isErased) this.#onErased();
  }

  /** @param {() => void} onClose */
  #header(onClose) {
    const { t, subtitle, emergency } = this.config;
    const onfocusout = (/** @type {FocusEvent} */ { relatedTarget: next }) => {
      if (next && !tools.contains(/** @type {Node} */ (next))) this.#showMenu(false);
    };
    const tools = h("div", { class: "tools", onfocusout }, this.more, this.menu);
    const close = button("tool", onClose, {}, icon("close"), hidden(t.close));
    const call = emergency ? [`${t.emergencyCall} `, phoneLink(emergency)] : [t.emergencyAny];
    const head = h("div", { class: "head" }, h("div", null, this.title, h("p", { class: "quiet" }, subtitle)), tools, close);
    return h("div", { class: "top" }, head, h("p", { class: "emergency" }, ...call));
  }

  /** @param {string} label @param {() => unknown} act */
  #menuItem(label, act) {
    return h("li", null, button("", () => this.closeMenu() && act(), {}, label));
  }

  /** @param {boolean} isOpen */
  #showMenu(isOpen) {
    this.menu.hidden = !isOpen;
    this.more.ariaExpanded = String(isOpen);
  }

  /** @returns {boolean} */
  closeMenu() {
    const wasOpen = !this.menu.hidden;
    this.#showMenu(false);
    if (wasOpen) this.more.focus();
    return wasOpen;
  }

  /** @param {Entry[]} added @param {boolean} [isHistory] */
  #onChange(added, isHistory) {
    this.transcript.sync(isHistory ? [] : added);
    if (isHistory) this.transcript.showLast();
    else for (const { message } of added) this.#announce(message);
    this.#showStaff();
    this.#showEnded();
    this.card.sync();
    if (this.conversation.isWaiting === this.#timers.length > 0) return;
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
    if (!this.conversation.isWaiting) return;
    const text = this.transcript.showWork("working");
    this.#timers = [
      window.setTimeout(() => this.live.say(text), SAY_WORKING_MS),
      window.setTimeout(() => this.live.say(this.transcript.showWork("slow")), SLOW_MS),
    ];
  }

  /** @param {Message} message */
  #announce(message) {
    const { say } = message.kind === "emergency" ? this.alarm : this.live;
    say(linesOf(message, this.config, true).join(" "));
    if (message.sender !== "staff") return;
    clearTimeout(this.#typing);
    this.#typing = 0;
  }

  #onTyping() {
    if (!this.#typing) this.live.say(this.config.t.staffTyping);
    clearTimeout(this.#typing);
    this.#typing = window.setTimeout(() => {
      this.#typing = 0;
      this.#showStaff();
    }, TYPING_LASTS_MS);
    this.#showStaff();
  }

  #showStaff() {
    const { t } = this.config;
    const text = this.conversation.isWaitingForStaff ? t.waiting : "";
    this.transcript.showStaff(this.#typing ? t.staffTyping : text, this.#typing > 0);
  }

  /** Straight from the gateway, as the assistant may be down; an older gateway has the assistant asked. */
  async #askPerson() {
    const { t } = this.config;
    const options = await this.conversation.options().catch(() => null);
    if (!options) return this.conversation.say({ title: t.personRequest });
    const { handoff } = options;
    if (!handoff) return this.card.open({}, true);
    const again = button("button", () => this.card.open({}, true), {}, t.leave);
    this.#tell(`${fill(t.asked, handoff)} ${handoff.promise}`, again);
  }

  #onCancelled() {
    this.#tell(this.config.t.cancelled);
    this.composer.person.focus();
  }

  /** @param {boolean} isConnected @param {boolean} [wasLost] */
  #onConnection(isConnected, wasLost) {
    const { t, phone } = this.config;
    this.notice.classList.toggle("is-lost", !isConnected);
    if (isConnected) return this.#tell(wasLost ? t.restored : "");
    const again = () => {
      this.conversation.reconnect();
      this.composer.box.focus();
    };
    this.#tell(t.lost, button("button", again, {}, t.retry), phone ? h("p", null, `${t.call} `, phoneLink(phone)) : "");
    this.transcript.sync();
  }

  /** @param {string} text @param {...(Node | string)} more */
  #tell(text, ...more) {
    const line = h("p", null, text);
    this.notice.replaceChildren(...(text ? [line, ...more] : []));
    if (text) this.live.say(text);
    if (!more.length) setTimeout(() => line.remove(), GOOD_NEWS_MS);
  }

  get #text() {
    const parts = this.conversation.entries.map(({ message }) => linesOf(message, this.config).join("\n"));
    return [this.config.title, ...parts].join("\n\n");
  }

  async #copy() {
    const isCopied = await navigator.clipboard?.writeText(this.#text).then(() => true, () => false);
    this.#tell(isCopied ? this.config.t.copied : this.config.t.copyFailed);
  }

  /** In the page itself: a strict CSP stops new windows. */
  #print() {
    const { t, language } = this.config;
    const printed = fill(t.printedOn, { date: dateText(new Date().toISOString(), language) });
    const paper = h("div", { class: "frontdesk-print", lang: language }, `${this.#text}\n\n${printed}`);
    const sheet = sheetOf(PAPER);
    document.adoptedStyleSheets.push(sheet);
    document.body.append(paper);
    const clear = () => {
      paper.remove();
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    };
    window.addEventListener("afterprint", clear, { once: true });
    window.print();
  }

  #erase() {
    const focus = () => (this.conversation.isErased ? this.again : this.more).focus();
    confirmErasure(this.element, this.config.t, () => this.conversation.erase(), focus);
  }

  #onErased() {
    this.#feedback.clear();
    this.conversation.memory.write(":contact", null);
    this.composer.value = "";
    this.#tell("");
    this.live.say(this.config.t.erased);
  }

  #showEnded() {
    const { isErased } = this.conversation;
    this.ended.hidden = !isErased;
    this.composer.element.hidden = isErased;
    this.element.classList.toggle("is-ended", isErased);
  }

  #restart() {
    this.conversation.restart();
    this.focus();
  }

  /** @param {string} id */
  #feedbackOf(id) {
    const before = this.conversation.memory.conversation?.helpful?.[id];
    const made = this.#feedback.get(id) ?? feedbackView(`rate-${id}`, this.config.t, before, (...rating) => this.conversation.rate(id, ...rating), this.live.say);
    this.#feedback.set(id, made);
    return made;
  }
}

/** Plain words, no faces: our visitors know why. @param {string} id @param {Texts} t @param {boolean | undefined} before @param {Rate} rate @param {Say} say */
function feedbackView(id, t, before, rate, say) {
  const status = h("p", { tabindex: -1 });
  const yes = button("button", () => send(true), {}, t.yes);
  const no = button("button", () => send(false), {}, t.no);
  const box = h("textarea", { id: `${id}-text`, rows: 2, maxlength: MOST_CHARACTERS, dir: "auto" });
  const label = h("label", { for: box.id });
  const form = h("form", { class: "comment", hidden: true, onsubmit }, label, box, h("button", { class: "button" }, t.sendComment));

  /** @param {boolean | undefined} helpful */
  function show(helpful) {
    yes.ariaPressed = String(helpful === true);
    no.ariaPressed = String(helpful === false);
    before = helpful;
  }

  /** @param {boolean} helpful @param {string} [comment] */
  async function send(helpful, comment) {
    show(helpful);
    label.textContent = helpful ? t.comment : t.commentNo;
    const isSent = await isDone(rate(helpful, comment));
    if (isSent) form.hidden = Boolean(comment);
    else if (!comment) show(undefined);
    status.textContent = isSent ? t.thanks : t.eraseFailed;
    say(status.textContent);
    // The pressed button is gone.
    if (isSent && comment) status.focus();
  }

  /** @param {Event} event */
  function onsubmit(event) {
    event.preventDefault();
    const comment = box.value.trim();
    if (comment) void send(before === true, comment);
    else box.focus();
  }

  show(before);
  const question = h("span", { id }, t.helpful);
  return h("div", { class: "feedback" }, h("div", { class: "helpful", role: "group", "aria-labelledby": id }, question, yes, no), status, form);
}

/** @param {HTMLElement} panel @param {Texts} t @param {() => Promise<void>} erase @param {() => void} onEnd */
function confirmErasure(panel, t, erase, onEnd) {
  const problem = h("p", { role: "alert", class: "problem" });
  const keep = button("button", () => dialog.close(), { autofocus: true }, t.eraseNo);
  const go = button("button danger", run, {}, t.eraseYes);
  const labels = { role: "alertdialog", "aria-labelledby": "erase-title", "aria-describedby": "erase-text" };
  const texts = [h("h2", { id: "erase-title" }, t.eraseTitle), h("p", { id: "erase-text" }, t.eraseText), problem];
  const dialog = h("dialog", { class: "confirm", ...labels, onclose }, ...texts, h("div", { class: "answers" }, keep, go));

  async function run() {
    problem.textContent = "";
    if (await isDone(erase())) dialog.close();
    else problem.textContent = t.eraseFailed;
  }

  function onclose() {
    dialog.remove();
    onEnd();
  }

  panel.append(dialog);
  dialog.showModal();
}

/** @param {Promise<unknown>} work */
function isDone(work) {
  return work.then(() => true, () => false);
}
