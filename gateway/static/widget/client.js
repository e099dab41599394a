/** The Chat API (docs/api.md), and what the browser keeps. */

const CALL_MS = 30_000;

/** `status` is 0 when no answer came: the same call may be made again. */
export class CallFailed extends Error {
  /** @param {number} status @param {Refusal} [detail] */
  constructor(status, detail) {
    super(`${status} ${detail?.code}`);
    this.status = status;
    this.detail = detail;
    this.isGone = status === 401 || (status === 404 && detail?.code !== "message_not_found");
  }
}

export class ChatApi {
  /** @param {string} base @param {Record<string, string>} about */
  constructor(base, about) {
    this.base = base;
    this.about = new URLSearchParams(about);
  }

  create() {
    return this.#call("POST", `?${this.about}`, null, {});
  }

  /** @param {Credentials} who @param {object} body @returns {Promise<Message[]>} */
  async send(who, body) {
    return (await this.#call("POST", `/${who.id}/messages`, who, body)).messages;
  }

  /** @param {Credentials} who @param {string} [after] @returns {Promise<Message[]>} */
  async history(who, after) {
    const { messages, has_more: hasMore } = await this.#call("GET", `/${who.id}/messages${after ? `?after=${after}` : ""}`, who);
    return hasMore ? [...messages, ...(await this.history(who, messages.at(-1).id))] : messages;
  }

  /** @param {Credentials} who @param {object} body */
  rate(who, body) {
    return this.#call("POST", `/${who.id}/feedback`, who, body);
  }

  /** @param {Credentials} who @returns {Promise<HandoffOptions>} */
  options(who) {
    return this.#call("GET", `/${who.id}/handoff-options`, who);
  }

  /** @param {Credentials} who @param {object} body @returns {Promise<Filed>} */
  handOff(who, body) {
    return this.#call("POST", `/${who.id}/handoffs`, who, body);
  }

  /** @param {Credentials} who */
  dropDraft(who) {
    return this.#call("DELETE", `/${who.id}/handoff-draft`, who);
  }

  /** @param {Credentials} who */
  typing(who) {
    return this.#call("POST", `/${who.id}/typing`, who, {});
  }

  /** @param {Credentials} who */
  erase(who) {
    return this.#call("DELETE", `/${who.id}`, who);
  }

  /** Null is a sign of life. @param {Credentials} who @param {string} after @param {AbortSignal} signal @returns {AsyncGenerator<Message | "typing" | null>} */
  async *stream(who, after, signal) {
    const response = await this.#fetch("GET", `/${who.id}/events`, who, { signal }, after ? { "Last-Event-ID": after } : {});
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; reader; ) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: "" }));
      if (done) return;
      const events = (rest + value).split(/\r?\n\r?\n/);
      rest = events.pop() ?? "";
      yield null;
      for (const event of events) yield messageIn(event);
    }
  }

  /** @param {string} method @param {string} path @param {Credentials | null} who @param {object} [body] @returns {Promise<any>} */
  async #call(method, path, who, body) {
    const init = { body: body && JSON.stringify(body), signal: AbortSignal.timeout?.(CALL_MS) };
    const response = await this.#fetch(method, path, who, init, body && { "Content-Type": "application/json" });
    return response.status === 204 || response.json().catch(() => Promise.reject(new CallFailed(0)));
  }

  /** @param {string} method @param {string} path @param {Credentials | null} who @param {RequestInit} init @param {Record<string, string>} [headers] */
  async #fetch(method, path, who, init, headers = {}) {
    if (who) headers.Authorization = `Bearer ${who.token}`;
    const url = `${this.base}conversations${path}`;
    const response = await fetch(url, { ...init, method, headers, credentials: "omit", cache: "no-store" }).catch(() => null);
    if (response?.ok) return response;
    throw new CallFailed(response?.status ?? 0, (await response?.json().catch(() => null))?.error);
  }
}

/** @param {string} event @returns {Message | "typing" | null} */
function messageIn(event) {
  if (/^event: ?typing/m.test(event)) return "typing";
  try {
    const message = JSON.parse(/^data:(.*)$/m.exec(event)?.[1] ?? "");
    return message.sender ? message : null;
  } catch {
    return null;
  }
}

/** Never keeps messages. Where storage is blocked, it lasts as long as the page. */
export class Memory {
  /** @type {Record<string, string>} */
  #fallback = {};

  /** @param {string} key @param {boolean} forTabOnly */
  constructor(key, forTabOnly) {
    this.key = key;
    this.forTabOnly = forTabOnly;
  }

  /** @returns {Kept | null} */
  get conversation() {
    return this.read("");
  }

  /** @param {string} name @returns {any} */
  read(name) {
    return JSON.parse(this.#shelf(name)[this.key + name] ?? "null");
  }

  /** @param {string} name @param {unknown} value */
  write(name, value) {
    const shelf = this.#shelf(name);
    if (value === null) delete shelf[this.key + name];
    else shelf[this.key + name] = JSON.stringify(value);
  }

  /** @param {string} name "" belongs to all tabs, the rest to one @returns {Record<string, string>} */
  #shelf(name) {
    try {
      return name || this.forTabOnly ? sessionStorage : localStorage;
    } catch {
      return this.#fallback;
    }
  }
}
