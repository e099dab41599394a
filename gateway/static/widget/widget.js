/** The chat widget: see README.md. */

import { ChatApi, Memory } from "./client.js";
import { Conversation } from "./conversation.js";
import { button, h, icon, linesOf } from "./messages.js";
import { announcer, Panel } from "./panel.js";
import { sheetOf, STYLES } from "./styles.js";
import { fill, languages } from "./texts.js";

const NAME = "frontdesk-chat";
/** As in styles.js: the panel covers the page. */
const COVERS = matchMedia("(max-width: 520px), (max-height: 480px)");

class FrontdeskChat extends HTMLElement {
  #isOpen = false;
  #unread = 0;

  constructor() {
    super();
    const config = readConfig({ ...ownScript?.dataset, ...this.dataset });
    const { clinic, api, language, forTabOnly, t } = config;
    this.config = config;
    this.memory = new Memory(`frontdesk:${api}:${clinic}`, forTabOnly);
    this.conversation = new Conversation(new ChatApi(api, { clinic, language }), this.memory, t.gone, (news) => this.#onNews(news));
    this.panel = new Panel(this.conversation, config, () => this.close());
    this.live = announcer("polite");
    this.badge = h("span", { class: "badge" });
    const toggle = () => (this.#isOpen ? this.close() : this.open());
    const words = [icon("chat"), icon("down"), h("span", null, config.label), this.badge];
    this.launcher = button("launcher", toggle, { "aria-haspopup": "dialog", "aria-controls": "panel" }, ...words);
  }

  connectedCallback() {
    if (this.shadowRoot) return;
    const { title, language, position, theme, color, isOpen } = this.config;
    const corner = h("div", { class: "corner", role: "region", "aria-label": title }, this.launcher, this.live.element);
    const look = { class: "root", lang: language, "data-position": position, "data-theme": theme, "data-tinted": Boolean(color) };
    const root = h("div", look, corner, this.panel.element);
    root.style.setProperty("--brand", color);
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheetOf(STYLES)];
    shadow.append(root);
    this.panel.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.panel.element.addEventListener("cancel", (event) => this.#onCancel(event));
    document.addEventListener("visibilitychange", () => this.#update());
    COVERS.addEventListener("change", () => this.#adapt());
    for (const type of ["resize", "scroll"]) window.visualViewport?.addEventListener(type, () => this.#fitKeyboard());
    // As the visitor left it; a page may not cover itself.
    if (this.memory.read(":open") ?? (isOpen && !COVERS.matches)) this.open({ focus: false });
    else this.#update();
    this.#emit("ready");
  }

  get isOpen() {
    return this.#isOpen;
  }

  /** Call it from a click or a key: it takes the focus, unless told otherwise. */
  open({ focus = true } = {}) {
    if (!this.#isOpen) {
      this.#setOpen(true);
      this.#raise();
      this.panel.refresh();
      this.#emit("open");
    }
    if (focus) this.panel.focus();
  }

  close() {
    if (!this.#isOpen) return;
    const hadFocus = this.panel.element.contains(this.shadowRoot?.activeElement ?? null);
    this.panel.element.close();
    this.#setOpen(false);
    if (hadFocus) this.launcher.focus();
    this.#emit("close");
  }

  /** @param {string} text */
  ask(text) {
    if (this.conversation.isErased) this.conversation.restart();
    this.open();
    if (text.trim()) this.conversation.say({ title: text.trim() });
  }

  /** @param {boolean} isOpen */
  #setOpen(isOpen) {
    this.#isOpen = isOpen;
    this.#unread = 0;
    this.memory.write(":open", isOpen);
    this.#update();
  }

  /** The attribute opens without moving the focus; over the page, the panel is modal. */
  #raise() {
    if (COVERS.matches) this.panel.element.showModal();
    else this.panel.element.setAttribute("open", "");
    this.#fitKeyboard();
  }

  #adapt() {
    if (!this.#isOpen) return;
    const focused = /** @type {HTMLElement | null | undefined} */ (this.shadowRoot?.activeElement);
    this.panel.element.close();
    this.#raise();
    focused?.focus({ preventScroll: true });
  }

  /** Keeps the box above a phone's keyboard; pinch zoom changes the same viewport. */
  #fitKeyboard() {
    const view = window.visualViewport;
    if (!view || view.scale > 1.01) return;
    this.panel.element.style.setProperty("--height", `${view.height}px`);
    this.panel.element.style.setProperty("--top", `${view.offsetTop}px`);
  }

  /** Listens only while seen: browsers allow six connections to a host. */
  #update() {
    this.launcher.ariaExpanded = String(this.#isOpen);
    this.badge.hidden = !this.#unread;
    this.badge.textContent = this.#unread ? fill(this.config.t.unread, { count: this.#unread }) : "";
    const isWanted = this.#isOpen || this.memory.conversation?.watch;
    this.conversation.active = Boolean(isWanted) && document.visibilityState === "visible";
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== "Escape" || event.isComposing || this.panel.element.querySelector("dialog")) return;
    event.preventDefault();
    event.stopPropagation();
    if (!this.panel.closeMenu()) this.close();
  }

  /** The way back of a phone. @param {Event} event */
  #onCancel(event) {
    if (event.target !== this.panel.element) return;
    event.preventDefault();
    this.close();
  }

  /** @param {News} news */
  #onNews(news) {
    this.panel.onNews(news);
    for (const { message } of news.isHistory ? [] : news.added ?? []) {
      if (!this.#isOpen) this.#unread++;
      if (!this.#isOpen) this.live.say(linesOf(message, this.config, true).join(" "));
      this.#emit("message", { id: message.id, sender: message.sender, kind: message.kind });
    }
    if (news.isConnected !== undefined) this.#emit("connection", { isConnected: news.isConnected });
    if (news.isErased) this.#emit("erase");
    this.#update();
  }

  /** @param {string} name @param {object} [detail] never the text */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`frontdesk:${name}`, { bubbles: true, composed: true, detail }));
  }
}

/** @param {DOMStringMap} data @returns {Config} */
function readConfig(data) {
  const wish = (data.language || document.documentElement.lang).toLowerCase().split("-")[0] ?? "";
  const language = wish in languages ? wish : "en";
  const t = /** @type {Texts} */ (languages[language]);
  return {
    clinic: data.clinic || "main",
    api: new URL(data.api || new URL("../api/", import.meta.url), document.baseURI).href.replace(/\/?$/, "/"),
    title: data.title || t.title,
    subtitle: data.subtitle || t.subtitle,
    label: data.label || t.launcher,
    language,
    contentLanguage: data.contentLanguage,
    position: data.position,
    color: CSS.supports("color", data.color || "") ? /** @type {string} */ (data.color) : "",
    theme: data.theme || "auto",
    isOpen: data.open !== undefined && data.open !== "false",
    phone: data.phone,
    emergency: data.emergency,
    forTabOnly: data.storage === "session",
    questions: data.questions?.split("|").map((question) => question.trim()).filter(Boolean) ?? [],
    t,
  };
}

const ownScript = [...document.scripts].find(({ src }) => src.split(/[?#]/)[0] === import.meta.url.split(/[?#]/)[0]);
customElements.define(NAME, FrontdeskChat);
// A page may also place the element itself, with the same attributes.
if (!document.querySelector(NAME)) document.body.append(document.createElement(NAME));
