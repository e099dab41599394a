/** Sizes follow the reader's font size, 16 px at least; lengths are logical, for right-to-left. */

const DARK = /* css */ `--accent: #8bd0d6; --on-accent: #0c2429; --paper: #14191c; --card: #1d2529; --text: #e3e9ea; --quiet: #aab7bc; --line: #364248;
  --edge: #83939a; --mine: #20383e; --danger: #ffb4ab; --danger-paper: #3a2322; --warn: #f0cf8a; --warn-paper: #332b19; color-scheme: dark;`;

export const STYLES = /* css */ `
:host { all: initial !important; display: block !important; inset: auto 0 0 auto !important; position: fixed !important; z-index: 2147483000 !important; }
@media print { :host { display: none !important; } }

.root { --accent: #0d5c6c; --on-accent: #fff; --paper: #f5f4ef; --card: #fffefb; --text: #1c2a30; --quiet: #4f5f67; --line: #dcdcd4;
  --edge: #6f7f87; --mine: #dfeeee; --danger: #9c1c1a; --danger-paper: #fdf0ed; --warn: #6d4a00; --warn-paper: #fbf3df; --shadow: 0 8px 36px rgb(10 30 38 / 28%);
  color: var(--text); color-scheme: light; font: max(17px, 1.0625rem)/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; text-align: start; }
.root[data-theme="dark"] { ${DARK} }
@media (prefers-color-scheme: dark) { .root[data-theme="auto"] { ${DARK} } }
/* The clinic's colour, as dark or light as 4.5:1 needs. */
@supports (color: light-dark(oklch(from red l c h), red)) {
  .root[data-tinted] { --accent: light-dark(oklch(from var(--brand) min(l, .46) c h), oklch(from var(--brand) max(l, .8) min(c, .12) h));
    --mine: color-mix(in srgb, var(--accent) 10%, var(--card)); }
}

*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
p, ul, ol, h2, h3 { margin: 0; padding: 0; }
ul[role], ol[role] { list-style: none; }
button, textarea, input, select { background: none; border: 0 solid; color: inherit; font: inherit; margin: 0; }
button { cursor: pointer; }
a { color: var(--accent); text-underline-offset: .18em; }
p a { padding-block: 13px; }
p a[href^="tel:"] { margin-inline: -8px; padding-inline: 8px; white-space: nowrap; }
:is(p, h2, h3, label, legend, dt, dd, button, span) { unicode-bidi: plaintext; }
h2 { font-size: 1.18em; line-height: 1.3; overflow-wrap: anywhere; }
h3 { font-size: 1.06em; line-height: 1.35; margin-block-end: 8px; }
.icon { fill: none; flex: none; height: 1.3em; stroke: currentColor; stroke-linecap: round; stroke-linejoin: round; stroke-width: 1.8; width: 1.3em; }
.i-more { stroke-width: 3; }
.sr-only { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; white-space: nowrap; width: 1px; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.quiet, .emergency { font-size: max(16px, .94em); line-height: 1.4; }
.quiet { color: var(--quiet); }

.button, .launcher, .send, .jump, .tool, .head, .banner, .working, .helpful, .state, .menu button, .notice:not(:empty) { align-items: center; display: flex; gap: 10px; }
.button { background: var(--card); border: 1px solid var(--edge); border-radius: 23px; display: inline-flex; justify-content: center; line-height: 1.3;
  min-height: 46px; min-width: 46px; padding: 8px 18px; text-align: start; text-decoration: none; }
.button:hover { border-color: var(--accent); background: var(--mine); }
.launcher, .send, .jump, .button:is([aria-pressed="true"], [aria-disabled], .call) { background: var(--accent); border-color: transparent; color: var(--on-accent); }
.launcher, .send, .jump, .call { font-weight: 600; }
.launcher:hover, .send:hover, .call:hover { filter: brightness(1.1); }

.corner { inset-block-end: 20px; inset-inline-end: 20px; position: fixed; }
[data-position="start"] :is(.corner, .panel) { inset-inline: 20px auto; }
[data-position="left"] :is(.corner, .panel) { left: 20px; right: auto; }
[data-position="right"] :is(.corner, .panel) { left: auto; right: 20px; }
.launcher { border-radius: 30px; border-width: 2px; box-shadow: var(--shadow); min-height: 60px; min-width: 60px; padding: 8px 22px; }
.launcher[aria-expanded="false"] .i-down, .launcher[aria-expanded="true"] .i-chat { display: none; }
.launcher[aria-expanded="true"] { font-size: 0; gap: 0; padding: 16px; }
.launcher .i-down { font-size: 18px; }
.badge { background: var(--card); border-radius: 14px; color: var(--text); padding: 1px 10px; }

.panel { background: var(--paper); border: 1px solid var(--line); border-radius: 18px; box-shadow: var(--shadow); color: var(--text); flex-direction: column;
  height: min(760px, 100dvh - 116px); inset: auto; inset-block-end: 96px; inset-inline-end: 20px; margin: 0; max-height: none; max-width: none; overflow: hidden;
  padding: 0; position: fixed; width: min(27.5em, 100vw - 40px); }
.panel[open] { display: flex; }
.top, .foot { background: var(--card); border: 0 solid var(--line); flex: none; }
.top { border-block-end-width: 1px; }
.head { gap: 4px; padding-block: 11px; padding-inline: 20px 10px; }
.head > :first-child { flex: 1; min-width: 0; }
.tools { position: relative; }
.tool { border-radius: 12px; height: 46px; justify-content: center; width: 46px; }
.tool:hover, .menu button:hover { background: var(--mine); }
.menu { background: var(--card); border: 1px solid var(--line); border-radius: 14px; box-shadow: var(--shadow); inset-block-start: 50px; inset-inline-end: 0;
  max-width: calc(100vw - 90px); padding: 6px; position: absolute; width: max-content; z-index: 2; }
.menu button { border-radius: 10px; min-height: 48px; padding: 6px 16px; text-align: start; width: 100%; }
.emergency { border-block-start: 1px solid var(--line); padding: 11px 20px; }
.emergency a { color: var(--danger); font-weight: 700; }

.transcript { flex: 1; min-height: 0; overflow: hidden auto; overscroll-behavior: contain; padding: 18px 16px 20px; }
.transcript:focus-visible { outline-offset: -3px; }
.entries { display: flex; flex-direction: column; gap: 18px; }
.entry { border-radius: 16px; overflow-wrap: anywhere; }
.meta { margin-block-end: 4px; padding-inline-start: 4px; }
.bubble { background: var(--mine); border-radius: 16px; border-end-end-radius: 5px; padding: 10px 16px; white-space: pre-wrap; }
.from-visitor { align-items: flex-end; align-self: flex-end; display: flex; flex-direction: column; max-width: 88%; }
.from-system { text-align: center; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 16px; border-start-start-radius: 5px; padding: 14px 18px 16px; }
.text > * + * { margin-block-start: .7em; }
.text ul, .text ol { padding-inline-start: 1.3em; }
.text ul { list-style: disc; }
.text li + li { margin-block-start: .2em; }
.assumed { border-inline-start: 3px solid var(--accent); margin-block: 2px 12px; padding-inline-start: 12px; }
.banner { margin-block-end: 8px; }
[data-kind="emergency"] .card { background: var(--danger-paper); border: 2px solid var(--danger); }
[data-kind="unavailable"] .card { background: var(--warn-paper); border-color: var(--warn); }
[data-kind="unavailable"] .banner { color: var(--warn); }
[data-kind="emergency"] .banner, .failed, .refused, .problem { color: var(--danger); }
[data-kind="emergency"] .button.call, .button.danger { background: var(--danger); border-color: transparent; color: var(--card); }
.from-staff .card { border-inline-start: 4px solid var(--accent); }
.call { padding-inline: 14px; white-space: nowrap; }
.card > a.call { margin-block: 4px 12px; }

.origin, .feedback { border-block-start: 1px solid var(--line); margin-block-start: 12px; padding-block-start: 8px; }
.origin p { padding-block: 5px; }
summary { cursor: pointer; padding-block: 12px; }
.review { display: flex; gap: 8px; }
.choices { display: flex; flex-wrap: wrap; gap: 10px; margin-block-start: 12px; }
.choice { border-color: var(--accent); color: var(--accent); font-weight: 600; }
.choice:disabled { background: none; border-color: var(--line); color: var(--quiet); cursor: default; font-weight: 400; }
.state { justify-content: flex-end; margin-block-start: 6px; }
.state .button { color: var(--text); }
.helpful { flex-wrap: wrap; padding-block-start: 4px; }
.helpful span { flex: 1 1 9em; }
.feedback p:not(:empty) { padding-block-start: 10px; }
.comment { display: grid; gap: 8px; justify-items: start; padding-block-start: 8px; }
textarea, select, input:not([type="radio"], [type="checkbox"]) { background: var(--card); border: 1px solid var(--edge); border-radius: 14px; display: block; line-height: 1.45; min-height: 50px; padding: 11px 14px; width: 100%; }
:is(textarea, input, select):focus-visible { border-color: var(--accent); outline-offset: 0; }
.contact { display: grid; gap: 12px; margin-block-start: 18px; }
.contact h3, fieldset { margin: 0; }
fieldset { border: 0; min-width: 0; padding: 0; }
.field label:not(.tick), legend { display: block; font-weight: 600; margin-block-end: 2px; padding: 0; }
.tick { align-items: center; cursor: pointer; display: flex; gap: 12px; min-height: 46px; padding-block: 4px; }
.tick input { accent-color: var(--accent); flex: none; height: 24px; margin: 0; width: 24px; }
.contact > div[id], .contact > div:not([class]) { display: grid; gap: 12px; }
.contact > div[hidden] { display: none; }
:is(input, select, textarea)[aria-invalid="true"] { border: 2px solid var(--danger) !important; outline-color: var(--danger); }
.problem .button { color: var(--text); display: flex; margin-block-start: 8px; }
.wishes { align-items: flex-start; display: grid; gap: 10px; justify-items: start; }
dl { display: grid; gap: 2px; margin: 0; }
dt { color: var(--quiet); }
dd { margin: 0 0 6px; overflow-wrap: anywhere; }
.leave { margin-block-start: 14px; }
.hint { background: var(--warn-paper); border-inline-start: 3px solid var(--warn); border-radius: 8px; line-height: 1.4; padding: 8px 12px; }
.hint .button { margin-block-start: 8px; }
.working { color: var(--quiet); margin-block-start: 18px; padding-inline-start: 4px; }
.dots { display: flex; flex: none; gap: 5px; }
.dots i { background: var(--accent); border-radius: 50%; height: 8px; opacity: .75; width: 8px; }
.jump { align-self: center; border-radius: 23px; box-shadow: var(--shadow); flex: none; margin-block: -54px 8px; min-height: 46px; padding: 6px 20px; position: relative; z-index: 1; }

.foot { border-block-start-width: 1px; padding: 12px 16px max(14px, env(safe-area-inset-bottom)); }
.notice:not(:empty) { background: var(--mine); border-radius: 12px; flex-wrap: wrap; gap: 4px 12px; line-height: 1.4; margin-block-end: 12px; padding: 10px 14px; }
.notice.is-lost { background: var(--warn-paper) !important; }
.notice > p:first-child { flex: 1 1 11em; }
.composer { align-items: center; display: grid; gap: 4px 12px; grid-template-columns: auto 1fr; }
.composer > * { grid-column: 1 / -1; }
.composer label { font-weight: 600; }
.composer .keys, .composer .person { grid-column: auto; margin-block-start: 8px; }
.write { align-items: flex-end; display: flex; gap: 10px; }
.write textarea { flex: 1; max-height: 8.4em; min-width: 0; resize: none; }
.send { border-radius: 14px; border-width: 2px; flex: none; min-height: 50px; min-width: 50px; padding: 8px 14px; }
.count { text-align: end; }
:is(.count, .problem):empty { display: none; }
.write:has([aria-invalid="true"]) + .count { color: var(--danger); font-weight: 600; }
.is-ended .tools, .is-ended .transcript { display: none; }
.is-ended .foot { align-content: center; background: none; border: 0; display: grid; flex: 1; text-align: center; }

.confirm { background: var(--card); border: 1px solid var(--line); border-radius: 18px; color: var(--text); max-height: 100dvh; max-width: min(25em, 100vw - 24px); padding: 20px 24px 24px; }
.confirm::backdrop { background: rgb(12 24 30 / 55%); }
.confirm p { margin-block-start: 10px; }
.answers { display: flex; flex-wrap: wrap; gap: 12px; margin-block-start: 18px; }
.answers .button { flex: 1 1 auto; }

@media (max-width: 520px), (max-height: 480px) {
  .root .panel { border: 0; border-radius: 0; height: var(--height, 100dvh); inset: var(--top, 0) 0 auto; width: 100%; }
  .corner { inset-block-end: 14px; inset-inline-end: 14px; }
  .keys { display: none; }
  .composer .person { grid-column: 1 / -1; }
  .head { padding-block: 7px; padding-inline: 16px 6px; }
  .emergency { padding-inline: 16px; }
  .transcript, .foot { padding-inline: 12px; }
  .card { padding-inline: 15px; }
}
@media (max-width: 359px) {
  .helpful span { flex-basis: 100%; }
  .send span { font-size: 0; }
  .send { gap: 0; }
}
@media (max-height: 480px) {
  .panel[open] { display: block; overflow: hidden auto; }
  .transcript { min-height: 40%; overflow: visible; }
  .foot { inset-block-end: 0; padding-block: 6px; position: sticky; }
  .composer { grid-template-columns: 1fr auto; }
  .composer label, .person span { font-size: 0; line-height: 0; }
  .composer .write, .composer .person { grid-area: 2 / 1; margin: 0; }
  .composer .person { border-radius: 14px; gap: 0; grid-column: 2; min-height: 50px; }
  .write textarea { max-height: 5em; }
  .jump { inset-block-end: 74px; margin: -46px auto 0; position: sticky; }
  .notice:not(:empty) { margin-block-end: 6px; padding-block: 4px; }
  .confirm { padding-block: 12px; }
}
@media (prefers-reduced-motion: no-preference) {
  .panel[open], .entry, .working { animation: appear .2s; }
  .dots i { animation: wait 1.5s infinite; }
  .dots i:nth-child(2) { animation-delay: .2s; }
  .dots i:nth-child(3) { animation-delay: .4s; }
  @keyframes appear { from { opacity: 0; } }
  @keyframes wait { 0%, 60%, 100% { opacity: .3; } 30% { opacity: 1; } }
}
@media (forced-colors: active) {
  .launcher, .send, .jump, .bubble, .notice:not(:empty) { border: 2px solid ButtonBorder; }
  .dots i { background: CanvasText; forced-color-adjust: none; }
  .state > .icon { color: CanvasText; }
  :focus-visible { outline-color: Highlight; }
  .button:is([aria-pressed="true"], [aria-disabled]) { background: Highlight; color: HighlightText; forced-color-adjust: none; }
  .choice:disabled { color: GrayText; }
}
`;

export const PAPER = /* css */ `
@media screen { .frontdesk-print { display: none; } }
@media print {
  body > * { display: none !important; }
  html, body { background: #fff !important; height: auto !important; margin: 0 !important; max-width: none !important; overflow: visible !important; }
  body > .frontdesk-print { all: initial; display: block !important; font: 12pt/1.5 system-ui, sans-serif; overflow-wrap: anywhere; white-space: pre-wrap; }
}
`;

/** `style-src` does not touch a constructed sheet. @param {string} text */
export function sheetOf(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}
