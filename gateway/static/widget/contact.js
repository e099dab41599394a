/** The contact card. What it takes goes straight to the gateway and never through the assistant, which may be down. */

import { CallFailed } from "./client.js";
import { newId } from "./conversation.js";
import { button, h, phoneLink } from "./messages.js";
import { fill } from "./texts.js";

/** Wishes with a few possible values; the others are free words. @type {Record<string, ("in_person" | "virtual" | "new" | "returning")[]>} */
const WISH_VALUES = { visit_type: ["in_person", "virtual"], patient: ["new", "returning"] };
/** @type {["visit_type", "preferred_times", "patient", "insurer", "about"]} */
const WISHES = ["visit_type", "preferred_times", "patient", "insurer", "about"];
/** @type {Channel[]} */
const WITHOUT_STAFF = ["callback", "appointment"];
/** As the gateway takes them. @type {Record<string, number>} */
const MOST = { name: 120, phone: 40, email: 254, preferred_times: 200, insurer: 80, about: 300 };

export class ContactCard {
  #isShown = false;
  #isSending = false;
  /** @type {HandoffOptions | null} */
  #options = null;
  /** An address for which another one was suggested: sent again, it is meant. @type {string | undefined} */
  #doubted;

  /** @param {Conversation} conversation @param {Config} config @param {CardAround} around */
  constructor(conversation, config, around) {
    this.conversation = conversation;
    this.config = config;
    this.around = around;
    this.element = h("form", { class: "card contact", hidden: true, novalidate: true, "aria-labelledby": "contact-title" });
    this.element.addEventListener("submit", (event) => void this.#submit(event));
    this.element.addEventListener("input", (event) => this.#onInput(event));
  }

  /** What the tab keeps: the request's id goes along with its content, so that a reload cannot double it. @returns {KeptCard} */
  get #kept() {
    return this.conversation.memory.read(":contact") ?? {};
  }

  /** @param {KeptCard} more */
  #keep(more) {
    this.conversation.memory.write(":contact", { ...this.#kept, ...more });
  }

  /** After each change of the conversation: opens for a message that asks for it, and closes when another tab has sent. */
  sync() {
    const { cardMessage: message, isErased, isLoaded } = this.conversation;
    const kept = this.#kept;
    if (isErased) return this.#hide();
    if (this.#isShown && kept.handed !== this.conversation.memory.conversation?.handed && !this.#isSending) return this.#hide();
    const isAsked = message?.contact_card?.opens && message.id !== kept.seen;
    if (isAsked) this.#keep({ seen: message.id });
    if (isLoaded && (isAsked || kept.isOpen) && !this.#isShown) void this.open(message?.contact_card ?? {}, false);
  }

  /** @param {Partial<CardOffer>} offer @param {boolean} hasGesture then the focus may go along */
  async open(offer, hasGesture) {
    const isNew = !this.#isShown;
    this.#isShown = true;
    if (isNew) {
      this.#keep({ isOpen: true, handed: this.conversation.memory.conversation?.handed });
      this.#options = await this.conversation.options().catch(() => null);
      if (!this.#isShown) return;
      this.#build(offer);
      this.around.shown(this.element, hasGesture);
    }
    if (hasGesture) this.title?.focus();
    else if (isNew) this.around.say(this.config.t.contactOpened);
  }

  /** @param {Partial<CardOffer>} offer */
  #build({ channel, wishes, promise_preview: preview }) {
    const { t } = this.config;
    const draft = this.#options?.draft;
    const values = { ...draft?.wishes, ...wishes, channel: channel ?? draft?.channel, ...this.#kept.values };
    this.preview = preview;
    this.title = h("h3", { id: "contact-title", tabindex: -1 }, t.contactTitle);
    this.promise = h("p", { class: "quiet" });
    this.problem = h("p", { class: "problem", role: "alert" });
    this.go = h("button", { class: "button call" }, t.sendDetails);
    const agree = h("input", { type: "checkbox", name: "consent", id: "consent", "aria-describedby": "consent-problem" });
    const when = this.#options?.is_open === false && this.#options.next_opening;
    this.element.replaceChildren(
      this.title,
      when ? h("p", { class: "quiet" }, fill(t.closed, { when })) : "",
      this.#channels(values.channel),
      this.promise,
      this.#field("name", { autocomplete: "name", "aria-required": "true" }),
      h("p", { class: "quiet" }, t.oneOf),
      this.#field("phone", { type: "tel", inputmode: "tel", autocomplete: "tel" }),
      this.#field("email", { type: "email", inputmode: "email", autocomplete: "email", autocapitalize: "none", spellcheck: "false" }),
      ...this.#wishes(),
      h("div", { class: "field" }, h("label", { class: "tick" }, agree, h("span", null, this.#options?.consent ?? t.consent)), problemOf("consent")),
      this.problem,
      h("div", { class: "answers" }, this.go, button("button", () => this.#cancel(), {}, t.cancel)),
    );
    for (const [name, value] of Object.entries(values)) this.#fill(name, value ?? "");
    this.#showWishes();
    this.#showPromise();
    this.element.hidden = false;
  }

  /** @param {Channel | undefined} wanted */
  #channels(wanted) {
    const { t } = this.config;
    const channels = this.#options?.channels ?? WITHOUT_STAFF;
    const chosen = wanted && channels.includes(wanted) ? wanted : channels[0];
    const choices = channels.map((channel) =>
      h("label", { class: "tick" }, h("input", { type: "radio", name: "channel", value: channel, checked: channel === chosen }), h("span", null, t[channel])));
    return h("fieldset", null, h("legend", null, t.want), ...choices);
  }

  /** @param {"name" | "phone" | "email" | typeof WISHES[number]} name @param {Props} [props] */
  #field(name, props) {
    const { t } = this.config;
    const id = `contact-${name}`;
    const values = WISH_VALUES[name];
    const about = { id, name, maxlength: MOST[name], "aria-describedby": `${name}-problem`, ...props };
    const input = values ? h("select", about, new Option(t.any, ""), ...values.map((value) => new Option(t[value], value)))
      : h("input", { autocomplete: "off", dir: "auto", ...about });
    return h("div", { class: "field" }, h("label", { for: id }, t[name]), input, problemOf(name));
  }

  /** The summary, and behind "change" the fields. */
  #wishes() {
    this.summary = h("dl");
    this.changes = h("div", { hidden: true }, ...WISHES.map((name) => this.#field(name)));
    this.change = button("button", () => this.#changeWishes(), {});
    return [h("div", { class: "wishes" }, this.summary, this.change), this.changes];
  }

  #showWishes() {
    const { t } = this.config;
    const rows = WISHES.flatMap((name) => {
      const value = this.#value(name);
      const words = value in t ? t[/** @type {"new"} */ (value)] : value;
      return value ? [h("dt", null, t[name]), h("dd", { dir: "auto" }, words)] : [];
    });
    this.summary?.replaceChildren(...rows);
    if (this.change) this.change.textContent = rows.length ? t.change : t.addWishes;
  }

  #changeWishes() {
    if (!this.changes || !this.change?.parentElement) return;
    this.changes.hidden = false;
    this.change.parentElement.hidden = true;
    this.#control("visit_type")?.focus();
  }

  #showPromise() {
    const channel = /** @type {Channel} */ (this.#value("channel"));
    const text = this.#options?.promises?.[channel] ?? this.preview ?? "";
    if (this.promise) this.promise.textContent = text;
    return text;
  }

  /** @param {string} name @returns {HTMLInputElement | HTMLSelectElement | null} */
  #control(name) {
    return this.element.querySelector(`[name="${name}"]`);
  }

  /** @param {string} name @returns {string} */
  #value(name) {
    return String(new FormData(this.element).get(name) ?? "").trim();
  }

  /** @param {string} name @param {string} value */
  #fill(name, value) {
    const control = this.#control(name);
    if (control?.type === "radio") this.element.querySelector(`[value="${value}"]`)?.setAttribute("checked", "");
    else if (control instanceof HTMLInputElement && control.type === "checkbox") control.checked = Boolean(value);
    else if (control) control.value = value;
  }

  /** @param {Event} event */
  #onInput(event) {
    const { name } = /** @type {HTMLInputElement} */ (event.target);
    this.#keep({ values: /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(this.element))) });
    this.#blame(name, "");
    if (name === "email") this.#blame("phone", "");
    if (name === "channel") this.around.say(this.#showPromise());
  }

  /** Says beside a field what is wrong with it; nothing clears it. @param {string} name @param {string} message @param {string} [suggestion] */
  #blame(name, message, suggestion) {
    const control = this.#control(name);
    const place = this.element.querySelector(`#${name}-problem`);
    if (!control || !place) return;
    control.ariaInvalid = String(Boolean(message));
    const use = () => {
      this.#fill(name, suggestion ?? "");
      control.dispatchEvent(new Event("input", { bubbles: true }));
      control.focus();
    };
    const better = suggestion ? [" ", button("button", use, {}, fill(this.config.t.useInstead, { value: suggestion }))] : [];
    place.replaceChildren(message, ...better);
  }

  /** @param {string} name @param {string} message @param {string} [suggestion] */
  #refuse(name, message, suggestion) {
    const isWish = WISHES.some((wish) => wish === name);
    if (isWish) this.#changeWishes();
    this.#blame(name, message, suggestion);
    if (suggestion) this.#doubted = this.#value("email");
    this.around.say(message);
    this.#control(name)?.focus();
  }

  /** @returns {[string, string] | null} the first field that is missing, and what to say */
  get #missing() {
    const { t } = this.config;
    if (!this.#value("name")) return ["name", t.needName];
    if (!this.#value("phone") && !this.#value("email")) return ["phone", t.needOne];
    return this.#value("consent") ? null : ["consent", t.needConsent];
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    if (this.#isSending) return;
    this.problem?.replaceChildren();
    if (this.#missing) return this.#refuse(...this.#missing);
    this.#setSending(true);
    try {
      const added = await this.conversation.handOff(this.#request());
      this.conversation.memory.write(":contact", { seen: this.#kept.seen });
      this.#hide();
      this.around.done(added);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      this.#onRefused(error);
    } finally {
      this.#setSending(false);
    }
  }

  /** The same content goes with the same id, in a reload too. */
  #request() {
    const wishes = Object.fromEntries(WISHES.map((name) => [name, this.#value(name)]));
    const contact = Object.fromEntries(["name", "phone", "email"].map((name) => [name, this.#value(name) || undefined]));
    const content = { ...contact, keep_email: Boolean(contact.email) && contact.email === this.#doubted, channel: this.#value("channel"), wishes, consent: true };
    const text = JSON.stringify(content);
    const { request } = this.#kept;
    const id = request?.text === text ? request.id : newId();
    this.#keep({ request: { id, text } });
    return { client_request_id: id, ...content };
  }

  /** @param {CallFailed} error */
  #onRefused({ status, detail }) {
    const { t, phone } = this.config;
    // Another content under this id: the next try gets a new one.
    if (status === 409) this.#keep({ request: undefined });
    if (detail?.field && this.#control(detail.field)) return this.#refuse(detail.field, detail.message, detail.suggestion);
    const message = status && status < 500 && detail ? detail.message : t.detailsLost;
    this.problem?.replaceChildren(message, ...(phone ? [` ${t.call} `, phoneLink(phone)] : []));
  }

  /** @param {boolean} isSending */
  #setSending(isSending) {
    const { t } = this.config;
    this.#isSending = isSending;
    if (!this.go) return;
    this.go.ariaDisabled = String(isSending);
    this.go.textContent = isSending ? t.sending : t.sendDetails;
  }

  #cancel() {
    this.conversation.dropDraft();
    this.conversation.memory.write(":contact", { seen: this.#kept.seen });
    this.#hide();
    this.around.cancelled();
  }

  #hide() {
    this.#isShown = false;
    this.element.hidden = true;
    this.element.replaceChildren();
    if (this.#kept.isOpen) this.#keep({ isOpen: false, values: undefined });
  }
}

/** @param {string} name */
function problemOf(name) {
  return h("p", { id: `${name}-problem`, class: "problem" });
}
