// The small parts that every view is made of.
import {html} from "../html.js";
import {useEffect, useRef, useState} from "../vendor/hooks.js";
import {exact, relative, words} from "../format.js";
import {Icon} from "./icons.js";

// --- time: each second one pass over what is on the page, past the virtual tree ---

const shown = new Set();
setInterval(() => {
  if (document.hidden) return;
  const now = Date.now();
  for (const node of shown) {
    const text = relative(node.dateTime, now);
    if (node.firstChild && node.firstChild.data !== text) node.firstChild.data = text;
  }
}, 1_000);

/// How long ago, or in how long; the exact time on hover.
export function Time({at}) {
  const node = useRef();
  useEffect(() => {
    const mine = node.current;
    if (!mine) return undefined;
    shown.add(mine);
    return () => shown.delete(mine);
  }, [at]);
  if (!at) return html`<span class="faint">–</span>`;
  return html`<time ref=${node} datetime=${at} title=${exact(at)}>${relative(at)}</time>`;
}

// --- state ---

const KIND = {
  delivered: "good", active: "good", closed: "good", finished: "good", resolved: "good",
  retrying: "warn", paused: "warn", half_open: "warn", running: "busy", planned: "idle",
  dead_lettered: "bad", disabled: "bad", open: "bad", failed: "bad", fired: "bad",
  pending: "idle", cancelled: "off", dead: "bad", retry: "warn", deferred: "idle",
};

export const kind = state => KIND[state] ?? "idle";

/// A state as a word with a mark that differs in shape too, not in colour alone.
export function Status({state, label}) {
  return html`<span class="status ${kind(state)}"><i></i>${label ?? words(state)}</span>`;
}

/// What an endpoint answered: its code, or the class of the error.
export function Reply({status, error}) {
  if (status) return html`<span class="reply ${status < 300 ? "good" : "bad"}">${status}</span>`;
  if (error) return html`<span class="reply bad">${words(error)}</span>`;
  return html`<span class="faint">–</span>`;
}

// --- things to press ---

export function Button({kind: look = "", busy = false, icon, children, ...others}) {
  return html`<button type="button" class="button ${look}" aria-busy=${busy} disabled=${busy || others.disabled} ...${others}>
    ${icon && html`<${Icon} name=${icon} />`}${children}
  </button>`;
}

export function Copy({text, label = "Copy", quiet = false}) {
  const [done, say] = useState(false);
  const copy = async event => {
    event.preventDefault();
    event.stopPropagation();
    await toClipboard(typeof text === "function" ? text() : text);
    say(true);
    announce("Copied");
    setTimeout(() => say(false), 1_500);
  };
  return html`<button type="button" class="button small ${quiet ? "quiet" : ""}" onClick=${copy} aria-label=${quiet ? label : undefined} title=${label}>
    <${Icon} name=${done ? "check" : "copy"} />${quiet ? null : done ? "Copied" : label}
  </button>`;
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // without https there is no clipboard; a selection can still be copied
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/// Says something to who can't see that it happened.
export function announce(text) {
  const node = document.getElementById("announcements");
  if (node) node.textContent = text;
}

// --- nothing there, not yet there, not to be had ---

export function Empty({title, children}) {
  return html`<div class="empty"><p class="empty-title">${title}</p>${children && html`<p>${children}</p>`}</div>`;
}

export function Loading({lines = 3}) {
  return html`<div class="loading" role="status" aria-label="Loading">${Array.from({length: lines}, (_, i) => html`<i key=${i}></i>`)}</div>`;
}

export function Trouble({problem, retry}) {
  return html`<div class="trouble" role="alert">
    <p><strong>${problem.title}</strong>${problem.message && problem.message !== problem.title ? html` ${problem.message}` : null}</p>
    ${problem.errors?.length > 0 && html`<ul>${problem.errors.map(error => html`<li key=${error.pointer}><code>${error.pointer || "/"}</code> ${error.detail}</li>`)}</ul>`}
    ${retry && html`<${Button} onClick=${retry} icon="replay">Try again</${Button}>`}
  </div>`;
}

/// What an answer holds once it is there; until then why it is not.
export function Answered({answer, lines, children}) {
  if (answer.value === undefined) {
    return answer.problem ? html`<${Trouble} problem=${answer.problem} retry=${answer.reload} />` : html`<${Loading} lines=${lines} />`;
  }
  return html`${answer.problem && html`<${Trouble} problem=${answer.problem} retry=${answer.reload} />`}${children(answer.value)}`;
}

// --- forms ---

let fields = 0;

/// A labelled control; `children` gets the id and what describes it.
export function Field({label, hint, error, children, wide = false}) {
  const [id] = useState(() => `field-${++fields}`);
  const described = error ? `${id}-error` : hint ? `${id}-hint` : undefined;
  return html`<div class="field ${wide ? "wide" : ""}">
    <label for=${id}>${label}</label>
    ${children({id, "aria-describedby": described, "aria-invalid": error ? "true" : undefined})}
    ${error ? html`<p class="field-error" id="${id}-error">${error}</p>` : hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
  </div>`;
}

export function Select({value, options, onChange, ...others}) {
  return html`<select value=${value} onChange=${event => onChange(event.target.value)} ...${others}>
    ${options.map(([key, label]) => html`<option key=${key} value=${key} selected=${key === value}>${label}</option>`)}
  </select>`;
}

/// One of a few, as buttons in a row.
export function Choice({label, value, options, onChange}) {
  return html`<div class="choice" role="group" aria-label=${label}>
    ${options.map(([key, text]) => html`<button key=${key} type="button" aria-pressed=${key === value} onClick=${() => onChange(key)}>${text}</button>`)}
  </div>`;
}

/// A modal; Escape and the cross close it, and focus goes back to where it was.
export function Dialog({title, onClose, children, wide = false}) {
  const node = useRef();
  useEffect(() => {
    const before = document.activeElement;
    node.current.showModal();
    return () => before?.isConnected && before.focus();
  }, []);
  const cancel = event => {
    event.preventDefault();
    onClose();
  };
  return html`<dialog ref=${node} class=${wide ? "wide" : ""} aria-label=${title} onCancel=${cancel}>
    <div class="dialog-head"><h2>${title}</h2><${Button} kind="quiet" icon="close" onClick=${onClose} aria-label="Close" /></div>
    ${children}
  </dialog>`;
}

/// A page's own heading, with what can be done on the right.
export function Heading({title, children, lead}) {
  useEffect(() => {
    document.title = `${title} · Fanfare`;
  }, [title]);
  return html`<header class="heading"><div><h1>${title}</h1>${lead && html`<p class="lead">${lead}</p>`}</div><div class="actions">${children}</div></header>`;
}

/// A text as it came, in a box that scrolls. Never markup.
export function Code({text, label}) {
  return html`<div class="code" role="region" tabindex="0" aria-label=${label}><pre>${text}</pre></div>`;
}

export function Pairs({pairs, label}) {
  const entries = Object.entries(pairs ?? {});
  if (!entries.length) return html`<p class="faint">None.</p>`;
  return html`<dl class="pairs" aria-label=${label}>${entries.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
