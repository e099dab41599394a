/** The box to write in: Enter sends, long texts are counted, and personal numbers are pointed to the contact card. */

import { button, h, icon } from "./messages.js";
import { fill } from "./texts.js";

/** What the gateway takes (docs/api.md). */
export const MOST_CHARACTERS = 1_000;
const COUNT_FROM = 800;
const DATE = /\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4})\b/g;
/** E-mail addresses; phone, card and social security numbers; letters and digits as on insurance cards. The gateway knows better ones. */
const PERSONAL = /[^\s@]@[\w-]+\.\w|\d(?:[ ().\/-]{0,2}\d){6}|\b[a-z]{1,4}\d{5}/i;

export class Composer {
  #said = "";

  /** @param {Texts} t @param {Writing} writing */
  constructor(t, writing) {
    this.t = t;
    this.writing = writing;
    const oninput = () => {
      this.#changed();
      writing.typing();
    };
    const events = { oninput, onkeydown: (/** @type {KeyboardEvent} */ event) => this.#onKey(event) };
    const box = { id: "question", rows: 1, dir: "auto", enterkeyhint: "send", autocomplete: "off", "aria-describedby": "keys count personal" };
    this.box = h("textarea", { ...box, ...events });
    this.count = h("p", { id: "count", class: "count quiet" });
    this.warning = h("p", { id: "personal" });
    this.hint = h("div", { class: "hint", hidden: true }, this.warning, button("button", writing.contact, {}, t.useForm));
    this.person = button("button person", writing.person, {}, icon("person"), h("span", null, t.person));
    this.element = h(
      "form",
      { class: "composer", onsubmit: (/** @type {Event} */ event) => this.#submit(event) },
      h("label", { for: "question" }, t.question),
      h("div", { class: "write" }, this.box, h("button", { class: "send" }, icon("send"), h("span", null, t.send))),
      this.count,
      this.hint,
      this.person,
      h("p", { id: "keys", class: "keys quiet" }, t.keys),
    );
  }

  get value() {
    return this.box.value;
  }

  set value(text) {
    this.box.value = text;
    this.#changed();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    // While an input method composes a character, Enter belongs to it.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const text = this.value.trim();
    if (this.#problem) this.writing.say(this.#problem);
    if (this.#problem || !text) return this.box.focus();
    this.value = "";
    this.writing.send(text);
  }

  #changed() {
    const length = [...this.value.trim()].length;
    const text = this.#problem || (length < COUNT_FROM ? "" : fill(this.t.left, { count: MOST_CHARACTERS - length }));
    // Said now and then.
    const step = this.#problem ? "over" : text && String(Math.floor(length / 50));
    if (step && step !== this.#said) this.writing.say(text);
    this.#said = step;
    this.count.textContent = text;
    this.box.ariaInvalid = String(Boolean(this.#problem));
    const isPersonal = PERSONAL.test(this.value.replace(DATE, ""));
    if (isPersonal && this.hint.hidden) this.writing.say(this.t.personal);
    this.hint.hidden = !isPersonal;
    // It describes the box, hidden or not.
    this.warning.textContent = isPersonal ? this.t.personal : "";
    this.writing.draft(this.value);
    this.fit();
  }

  fit() {
    this.box.style.height = "auto";
    if (this.box.scrollHeight) this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }

  /** @returns {string} */
  get #problem() {
    const over = [...this.value.trim()].length - MOST_CHARACTERS;
    return over > 0 ? fill(this.t.over, { count: over }) : "";
  }
}
