/** One conversation: what was said, what waits to be sent, and whether the gateway can be reached. */

import { CallFailed } from "./client.js";

const TRIES = 3;
const FIRST_SIGN_MS = 6_000;
const SILENCE_MS = 50_000;
const POLL_MS = 3_000;
const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000];
/** Some proxies hold streams back: then we ask instead, and try a stream now and then. */
const ROUNDS_BETWEEN_STREAMS = 20;
const TYPING_MS = 3_000;
const LOCAL = "local-";

export class Conversation {
  /** @type {Entry[]} */
  entries = [];
  /** @type {boolean | null} */
  isConnected = null;
  isLoaded = false;
  isErased = false;

  /** @type {Kept | null} */
  #who = null;
  /** @type {Promise<void> | null} */
  #catchingUp = null;
  /** @type {AbortController | null} */
  #listening = null;
  /** Of those in order: the reply to a post may be ahead of another tab's question. */
  #lastId = "";
  #isNew = false;
  #isPumping = false;
  #typedAt = 0;
  #wake = () => {};
  #stopStream = () => {};

  /** @param {ChatApi} api @param {Memory} memory @param {string} goneText @param {Tell} tell */
  constructor(api, memory, goneText, tell) {
    this.api = api;
    this.memory = memory;
    this.goneText = goneText;
    this.tell = tell;
    this.tabs = new BroadcastChannel(memory.key);
    this.tabs.onmessage = ({ data }) => this.#onNews(data);
    window.addEventListener("online", () => this.#hurry());
    for (const unsent of memory.read(":unsent") ?? []) this.#addOwn(unsent);
  }

  get isWaiting() {
    return this.entries.some((entry) => entry.state === "sending");
  }

  /** The newest message with a contact card; null once a handoff was sent after it. */
  get cardMessage() {
    const handed = this.memory.conversation?.handed;
    const open = this.entries.slice(1 + this.entries.findIndex(({ message }) => message.id === handed));
    return open.findLast(({ message }) => message.contact_card)?.message ?? null;
  }

  /** A chat with staff was asked for, and nothing has come since: neither a person nor a line that says otherwise. */
  get isWaitingForStaff() {
    const { handed, isLive } = this.memory.conversation ?? {};
    return Boolean(isLive) && this.#lastSaid?.id === handed;
  }

  get #lastSaid() {
    return this.entries.findLast(({ message: { sender } }) => sender !== "visitor")?.message;
  }

  /** @param {boolean} isActive */
  set active(isActive) {
    if ((isActive && !this.isErased) === Boolean(this.#listening)) return;
    this.#listening?.abort();
    this.#wake();
    this.#listening = this.#listening ? null : new AbortController();
    if (this.#listening) void this.#listen(this.#listening.signal);
  }

  /** @param {Button} what @param {string} [choiceOf] */
  say({ title, payload }, choiceOf) {
    this.#addOwn({ clientId: newId(), text: title, payload, choiceOf });
    this.#changed();
    void this.#pump();
  }

  /** @param {Entry} entry */
  retry(entry) {
    entry.tries = 0;
    this.#mark(entry, "queued");
    this.reconnect();
  }

  reconnect() {
    if (this.isConnected === false) this.#hurry();
    else void this.#pump();
  }

  /** @param {string} messageId @param {boolean} helpful @param {string} [comment] */
  async rate(messageId, helpful, comment) {
    if (!this.#who) return;
    await this.api.rate(this.#who, { message_id: messageId, helpful, comment });
    this.#keep({ helpful: { ...this.memory.conversation?.helpful, [messageId]: helpful } });
  }

  /** What a person of the clinic can be asked for now. */
  async options() {
    return this.api.options(await this.#ready());
  }

  /** @param {object} details @param {boolean} [isAgain] @returns {Promise<Entry | undefined>} the confirmation */
  async handOff(details, isAgain) {
    const who = await this.#ready();
    try {
      const { channel, messages } = await this.api.handOff(who, details);
      this.#keep({ watch: true, handed: messages.at(-1)?.id, isLive: channel === "live" });
      this.#receive(messages, undefined, false, true);
      this.tabs.postMessage("said");
      return this.entries.find(({ message }) => message.id === messages[0]?.id);
    } catch (error) {
      if (!failure(error).isGone || isAgain) throw error;
      if (who === this.#who) this.#letGo();
      return this.handOff(details, true);
    }
  }

  dropDraft() {
    if (this.#who) void this.api.dropDraft(this.#who).catch(failure);
  }

  /** Tells the staff that the visitor types; nobody else is told, and a failure does not matter. */
  typing() {
    const isWithStaff = this.isWaitingForStaff || ["staff", "system"].includes(this.#lastSaid?.sender ?? "");
    if (!this.#who || !isWithStaff || Date.now() - this.#typedAt < TYPING_MS) return;
    this.#typedAt = Date.now();
    void this.api.typing(this.#who).catch(failure);
  }

  /** @returns {Promise<Kept>} */
  async #ready() {
    if (!this.isLoaded) await this.#catchUp();
    return this.#who ?? Promise.reject(new CallFailed(0));
  }

  async erase() {
    const who = this.#who ?? this.memory.conversation;
    if (who) await this.api.erase(who).catch((error) => error.isGone || Promise.reject(error));
    this.#clear();
    this.tabs.postMessage("erased");
  }

  restart() {
    this.isErased = false;
    this.#changed([], true);
  }

  /** After a reload, the next thing that was said tells. @param {Entry} entry @param {string[]} titles */
  chosenOf(entry, titles) {
    const live = this.entries.find((other) => other.choiceOf === entry.message.id && other.state !== "refused");
    const next = this.entries.slice(this.entries.indexOf(entry)).find((other) => other.message.sender === "visitor");
    const said = (live ?? next)?.message.text ?? "";
    return titles.includes(said) ? said : null;
  }

  /** @param {Unsent} unsent */
  #addOwn({ clientId, text, payload, choiceOf }) {
    /** @type {Message} */
    const message = { id: LOCAL + clientId, sender: "visitor", kind: "text", text, at: new Date().toISOString() };
    this.entries.push({ key: clientId, message, state: "queued", clientId, payload, choiceOf });
  }

  /** Sends one after the other: a second question must not overtake the first. */
  async #pump() {
    if (this.#isPumping || this.isConnected === false) return;
    this.#isPumping = true;
    try {
      for (let goesOn = true; goesOn; ) {
        const next = this.entries.find((entry) => entry.state === "queued");
        goesOn = next !== undefined && (await this.#deliver(next));
      }
    } finally {
      this.#isPumping = false;
    }
  }

  /** @param {Entry} entry @returns {Promise<boolean>} */
  async #deliver(entry) {
    let who = this.#who;
    try {
      if (!this.isLoaded) await this.#catchUp();
      who = this.#who;
      if (!who) return false;
      this.#mark(entry, "sending");
      const said = entry.payload ? { payload: entry.payload } : { text: entry.message.text };
      const messages = await this.api.send(who, { ...said, client_message_id: entry.clientId });
      if (who !== this.#who) return false;
      this.#mark(entry, "sent");
      this.#receive(messages, entry);
      this.tabs.postMessage("said");
      return true;
    } catch (error) {
      const { status, isGone } = failure(error);
      if (isGone && who === this.#who) this.#letGo();
      if (this.entries.includes(entry)) this.#onSendError(entry, status, isGone);
      return status !== 0;
    }
  }

  /** @param {Entry} entry @param {number} status @param {boolean} isGone */
  #onSendError(entry, status, isGone) {
    entry.tries = (entry.tries ?? 0) + 1;
    const mayTry = entry.tries < TRIES;
    if (isGone && mayTry) {
      // The conversation that offered the payload is gone; the words still say it.
      entry.payload = undefined;
      this.#mark(entry, "queued");
    } else if (!status) {
      this.#mark(entry, mayTry ? "queued" : "failed", "failed");
      this.#hurry();
    } else if ([400, 409, 413, 422].includes(status)) {
      this.#mark(entry, "refused", "refused");
      if (!entry.payload) this.tell({ refused: entry.message.text });
    } else {
      this.#mark(entry, "failed", status === 429 ? "busy" : "failed");
    }
  }

  /** @param {Entry} entry @param {Entry["state"]} state @param {Entry["problem"]} [problem] */
  #mark(entry, state, problem) {
    Object.assign(entry, { state, problem });
    this.#changed();
  }

  /** @param {AbortSignal} signal */
  async #listen(signal) {
    for (let round = 0, misses = 0, deaf = 0; !signal.aborted; round++) {
      try {
        await this.#catchUp();
        if (signal.aborted) return;
        misses = 0;
        this.#setConnected(true);
        if (deaf < 2 || round % ROUNDS_BETWEEN_STREAMS === 0) deaf = (await this.#readStream(signal)) ? 0 : deaf + 1;
      } catch (error) {
        failure(error);
        if (signal.aborted) return;
        misses++;
        this.#setConnected(false);
      }
      const ms = misses ? RETRY_MS[misses - 1] ?? 15_000 : deaf ? POLL_MS : 250;
      if (!signal.aborted) await this.#sleep(ms * (0.8 + 0.4 * Math.random()));
    }
  }

  /** @param {AbortSignal} outer @returns {Promise<boolean>} */
  async #readStream(outer) {
    const attempt = new AbortController();
    const since = Date.now();
    const stop = (this.#stopStream = () => attempt.abort());
    let timer = setTimeout(stop, FIRST_SIGN_MS);
    let isAlive = false;
    outer.addEventListener("abort", stop);
    window.addEventListener("offline", stop);
    try {
      for await (const message of this.api.stream(/** @type {Kept} */ (this.#who), this.#lastId, attempt.signal)) {
        isAlive = true;
        clearTimeout(timer);
        timer = setTimeout(stop, SILENCE_MS);
        if (message === "typing") this.tell({ isTyping: true });
        else if (message && !outer.aborted) this.#receive([message]);
      }
    } catch (error) {
      failure(error);
    }
    clearTimeout(timer);
    window.removeEventListener("offline", stop);
    return isAlive && Date.now() - since > 1_500;
  }

  /** @param {number} ms @returns {Promise<void>} */
  #sleep(ms) {
    return new Promise((resolve) => {
      setTimeout(resolve, ms);
      this.#wake = resolve;
    });
  }

  /** Looks at once whether the gateway can be reached. */
  #hurry() {
    this.#stopStream();
    this.#wake();
  }

  async #catchUp() {
    this.#catchingUp ??= this.#readOn().finally(() => (this.#catchingUp = null));
    await this.#catchingUp;
    void this.#pump();
  }

  async #readOn() {
    if (!this.#who) await this.#beginOnce();
    const who = this.#who;
    const isHistory = !this.isLoaded;
    if (!who || this.#isNew) return void (this.#isNew = false);
    try {
      const messages = await this.api.history(who, isHistory ? "" : this.#lastId);
      if (who !== this.#who) return;
      this.isLoaded = true;
      this.#receive(messages, undefined, isHistory);
    } catch (error) {
      if (!failure(error).isGone) throw error;
      if (who === this.#who) this.#letGo();
      await this.#readOn();
    }
  }

  /** Two tabs must not begin two. Where storage is blocked, locks are too. */
  async #beginOnce() {
    const begin = () => this.#begin();
    await (navigator.locks?.request(this.memory.key, begin) ?? begin()).catch((error) => {
      if (error instanceof DOMException) return begin();
      throw error;
    });
  }

  async #begin() {
    this.#who = this.memory.conversation;
    if (this.#who || this.isErased) return;
    const { conversation_id: id, token, messages } = await this.api.create();
    if (this.isErased) return;
    this.#who = { id, token };
    this.#isNew = this.isLoaded = true;
    this.memory.write("", this.#who);
    this.#receive(messages);
    this.tabs.postMessage("begun");
  }

  #letGo() {
    if (this.memory.conversation?.id === this.#who?.id) this.memory.write("", null);
    this.#who = null;
    this.isLoaded = false;
    const id = LOCAL + newId();
    this.entries.push({ key: id, message: { id, sender: "system", kind: "text", text: this.goneText, at: "" }, state: "sent" });
  }

  /**
   * Messages come in any order and more than once. @param {Message[]} messages @param {Entry} [question] @param {boolean} [isHistory]
   * @param {boolean} [isAhead] of what the stream has brought so far
   */
  #receive(messages, question, isHistory, isAhead) {
    /** @type {Entry[]} */
    const added = [];
    for (const message of messages) {
      const { id, sender, client_message_id: clientId, reply_to: replyTo } = message;
      const known = this.entries.find((entry) => entry.message.id === id || (clientId && entry.clientId === clientId));
      if (known) {
        known.message = message;
        continue;
      }
      const asked = question ?? this.entries.find((entry) => entry.message.id === replyTo);
      /** @type {Entry} */
      const entry = { key: id, message, state: "sent", clientId, answering: asked?.key };
      this.entries.splice(this.#placeAfter(asked), 0, entry);
      if (sender !== "visitor") added.push(entry);
      if (sender === "staff" || message.kind === "handoff") this.#keep({ watch: true });
    }
    if (!question && !isAhead) this.#lastId = messages.at(-1)?.id ?? this.#lastId;
    this.#changed(added, isHistory);
  }

  /** @param {Entry} [asked] @returns {number} */
  #placeAfter(asked) {
    return 1 + this.entries.findLastIndex((entry) =>
      asked ? entry === asked || entry.answering === asked.key : entry.state.startsWith("sen") || !entry.message.id.startsWith(LOCAL));
  }

  /** @param {boolean} isConnected */
  #setConnected(isConnected) {
    const wasLost = this.isConnected === false;
    const isNews = this.isConnected !== isConnected;
    this.isConnected = isConnected;
    if (isNews) this.tell({ isConnected, wasLost });
    if (isConnected) void this.#pump();
  }

  #clear() {
    this.isErased = true;
    this.active = false;
    this.#who = this.isConnected = null;
    this.isLoaded = false;
    this.#lastId = "";
    this.entries = [];
    this.memory.write("", null);
    this.#changed();
    this.tell({ isErased: true });
  }

  /** @param {string} news of another tab */
  #onNews(news) {
    if (news === "erased") this.#clear();
    if (news === "begun" && this.isErased) this.restart();
    if (news === "said" && this.#listening && this.isLoaded) this.#catchUp().catch(failure);
  }

  /** @param {Partial<Kept>} more */
  #keep(more) {
    const kept = this.memory.conversation;
    if (kept) this.memory.write("", { ...kept, ...more });
  }

  /** @param {Entry[]} [added] @param {boolean} [isHistory] */
  #changed(added = [], isHistory = false) {
    const unsent = this.entries.filter(({ state }) => ["queued", "sending", "failed"].includes(state));
    this.memory.write(":unsent", unsent.map(({ clientId, message: { text }, payload, choiceOf }) => ({ clientId, text, payload, choiceOf })));
    this.tell({ added, isHistory });
  }
}

/** @param {unknown} error @returns {CallFailed} */
function failure(error) {
  if (error instanceof CallFailed) return error;
  throw error;
}

/** Pages without https have no `randomUUID`. */
export function newId() {
  return crypto.randomUUID?.() ?? URL.createObjectURL(new Blob()).slice(-36);
}
