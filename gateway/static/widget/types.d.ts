/** Types of the widget, for `tsc` only: no page loads this file. The wire format is that of docs/api.md. */

type Texts = typeof import("./texts.js").en;
type Sender = "visitor" | "bot" | "staff" | "system";

interface Button {
  title: string;
  payload?: string;
}

interface Source {
  title: string;
  url?: string | null;
  read_on?: string | null;
}

interface Answer {
  title: string;
  reviewed_on?: string | null;
  review_due_on?: string | null;
  sources?: Source[] | null;
}

interface Message {
  id: string;
  sender: Sender;
  kind: string;
  text: string;
  at: string;
  buttons?: Button[] | null;
  assumed?: string | null;
  answer?: Answer | null;
  client_message_id?: string | null;
  reply_to?: string | null;
  contact_card?: CardOffer | null;
}

type Channel = "live" | "callback" | "appointment";
type Wishes = Partial<Record<"visit_type" | "preferred_times" | "patient" | "insurer" | "about", string | null>>;

/** `opens`: at once, else behind a button. */
interface CardOffer {
  channel: Channel;
  wishes: Wishes;
  promise_preview?: string | null;
  opens: boolean;
}

interface HandoffOptions {
  channels: Channel[];
  is_open: boolean;
  next_opening?: string | null;
  promises: Record<Channel, string>;
  draft?: { channel: Channel; wishes: Wishes } | null;
  consent: string;
  handoff?: { reference: string; promise: string } | null;
}

interface Filed {
  reference: string;
  promise: string;
  channel: Channel;
  messages: Message[];
}

interface Refusal {
  code: string;
  message: string;
  field?: string;
  suggestion?: string;
}

/** The card as the tab keeps it until it is sent or cancelled. `seen`: the last message that opened it; `handed`: as it was when it opened. */
interface KeptCard {
  isOpen?: boolean;
  seen?: string;
  handed?: string;
  values?: Record<string, string>;
  request?: { id: string; text: string };
}

/** What the card needs from the panel. */
interface CardAround {
  say: Say;
  shown(card: HTMLElement, hasGesture: boolean): void;
  done(confirmation: Entry | undefined): void;
  cancelled(): void;
}

interface Credentials {
  id: string;
  token: string;
}

/**
 * What the browser keeps of a conversation. `watch`: a person may write, so listen while the panel is closed too.
 * `handed`: the message that confirmed the last handoff; `isLive`: it was one to chat at once.
 */
interface Kept extends Credentials {
  helpful?: Record<string, boolean>;
  watch?: boolean;
  handed?: string;
  isLive?: boolean;
}

/** A message of the visitor's that the gateway has not answered yet. `choiceOf`: id of the message with the button. */
interface Unsent {
  clientId: string;
  text: string;
  payload?: string;
  choiceOf?: string;
}

/**
 * A message on the screen. `key` never changes; `answering` is the key of the question.
 * `queued`: sent by itself, in its turn or when the connection is back. `failed`: waits for "try again".
 */
interface Entry {
  key: string;
  message: Message;
  state: "sent" | "sending" | "queued" | "failed" | "refused";
  clientId?: string | null;
  payload?: string;
  choiceOf?: string;
  answering?: string;
  problem?: "failed" | "busy" | "refused";
  tries?: number;
}

interface Config {
  clinic: string;
  api: string;
  title: string;
  subtitle: string;
  label: string;
  language: string;
  contentLanguage?: string;
  position?: string;
  color: string;
  theme: string;
  isOpen: boolean;
  phone?: string;
  emergency?: string;
  forTabOnly: boolean;
  questions: string[];
  t: Texts;
}

/** What the view of a message needs from the panel. */
interface Around {
  config: Config;
  choose(entry: Entry, button: Button): void;
  retry(entry: Entry): void;
  feedback(entry: Entry): HTMLElement;
  contact(entry: Entry): void;
}

type Child = Node | string | null | undefined | false;
type Props = Record<string, unknown>;

type ChatApi = import("./client.js").ChatApi;
type Memory = import("./client.js").Memory;
type Conversation = import("./conversation.js").Conversation;

/** What a conversation tells: new or changed messages; or the connection; or a text that was not accepted; or its end. */
interface News {
  added?: Entry[];
  isHistory?: boolean;
  isConnected?: boolean;
  wasLost?: boolean;
  refused?: string;
  isErased?: boolean;
  isTyping?: boolean;
}
type Tell = (news: News) => void;
type Say = (text: string) => void;

/** What the composer calls. */
interface Writing {
  send: Say;
  draft: Say;
  typing(): void;
  person(): void;
  contact(): void;
  say: Say;
}
type Rate = (helpful: boolean, comment?: string) => Promise<void>;
