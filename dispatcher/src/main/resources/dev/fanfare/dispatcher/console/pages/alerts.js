// When somebody is told: the rules, and what they have said.
import {html} from "../html.js";
import {useState} from "../vendor/hooks.js";
import {put, useAnswer} from "../api.js";
import {Link} from "../router.js";
import {nameOf, useEndpoints} from "../endpoints.js";
import {host, words} from "../format.js";
import {Answered, Button, Dialog, Empty, Field, Heading, Select, Status, Time, Trouble} from "../parts/ui.js";

const KINDS = {
  failure_rate: {label: "Failure rate", says: "part of the attempts that fail", unit: "%", factor: 100, window: true, volume: true},
  consecutive_failures: {label: "Failures in a row", says: "attempts to one endpoint that fail one after another", unit: "", factor: 1},
  dead_letters: {label: "Dead letters", says: "deliveries given up within the window", unit: "", factor: 1, window: true},
  oldest_waiting: {label: "Oldest waiting", says: "how long the oldest delivery has waited", unit: "s", factor: 1},
  ledger_gap: {label: "Ledger gap", says: "deliveries that are unaccounted for", unit: "", factor: 1},
};
const WAYS = [["webhook", "operational webhook"], ["email", "e-mail"], ["chat", "chat"]];

export function Alerts({session}) {
  const rules = useAnswer("/v1/alert-rules");
  const history = useAnswer("/v1/alerts?limit=100", {every: 5_000});
  const [editing, edit] = useState(null);
  const [problem, tell] = useState(null);
  const items = rules.value?.items ?? [];
  const mayWrite = session.role !== "viewer";
  const save = async next => {
    tell(null);
    try {
      await put("/v1/alert-rules", {items: next});
      edit(null);
      rules.reload();
    } catch (failure) {
      if (editing) throw failure;
      tell(failure);
    }
  };
  return html`<div class="page">
    <${Heading} title="Alerts" lead="Somebody is told once when a threshold is passed, and once when it is over.">
      ${mayWrite && rules.value && html`<${Button} kind="primary" icon="plus" onClick=${() => edit({})}>New rule<//>`}
    <//>
    ${problem && html`<${Trouble} problem=${problem} />`}
    <${Answered} answer=${rules} lines=${4}>${() => html`<section class="stack"><h2>Rules</h2>
      ${items.length === 0 ? html`<div class="panel"><${Empty} title="No rule yet.">A good first one: a failure rate above 20 % over 5 minutes, with at least 20 attempts.<//></div>`
        : html`<${Rules} items=${items} mayWrite=${mayWrite} onEdit=${edit} onToggle=${rule => save(items.map(it => (it.id === rule.id ? {...it, enabled: !it.enabled} : it)))} />`}</section>`}<//>
    <section class="stack"><h2>History</h2><${Answered} answer=${history}>${it => html`<${History} items=${it.items} />`}<//></section>
    ${editing && html`<${Dialog} title=${editing.id ? "Edit rule" : "New rule"} wide onClose=${() => edit(null)}>
      <${RuleForm} rule=${editing} session=${session} onCancel=${() => edit(null)}
        onSave=${rule => save(editing.id ? items.map(it => (it.id === editing.id ? rule : it)) : [...items, rule])}
        onDelete=${editing.id ? () => save(items.filter(it => it.id !== editing.id)) : null} /><//>`}
  </div>`;
}

const shown = (value, kind) => {
  const {factor, unit} = KINDS[kind] ?? {factor: 1, unit: ""};
  return value === null || value === undefined ? "–" : `${Number((value * factor).toFixed(2))}${unit ? ` ${unit}` : ""}`;
};

function Rules({items, mayWrite, onEdit, onToggle}) {
  const endpoints = useEndpoints();
  return html`<div class="table-box" tabindex="0" role="region" aria-label="Rules"><table class="cards">
    <thead><tr><th>Rule</th><th>For</th><th class="right">Fires at</th><th class="right">Resolves below</th><th>Over</th><th>Tells by</th><th>On</th></tr></thead>
    <tbody>${items.map(rule => html`<tr key=${rule.id}>
      <td class="name">${mayWrite ? html`<button type="button" class="link" onClick=${() => onEdit(rule)}>${KINDS[rule.kind]?.label ?? rule.kind}</button>` : KINDS[rule.kind]?.label ?? rule.kind}</td>
      <td data-label="for">${rule.subscription_id ? nameOf(rule.subscription_id, endpoints) : rule.tenant ?? "everything"}</td>
      <td data-label="fires at" class="right">${shown(rule.threshold, rule.kind)}</td>
      <td data-label="resolves below" class="right">${shown(rule.resolve_below, rule.kind)}</td>
      <td data-label="over">${rule.window ?? "–"}${rule.minimum_volume ? html`<small>at least ${rule.minimum_volume} attempts</small>` : null}</td>
      <td data-label="tells by">${(rule.notify ?? []).join(", ") || html`<span class="faint">history only</span>`}</td>
      <td data-label="on"><input type="checkbox" aria-label="On" checked=${rule.enabled} disabled=${!mayWrite} onChange=${() => onToggle(rule)} /></td>
    </tr>`)}</tbody></table></div>`;
}

function History({items}) {
  const endpoints = useEndpoints();
  if (!items.length) return html`<div class="panel"><${Empty} title="All quiet.">No rule has fired.<//></div>`;
  return html`<ol class="alerts panel">${items.map(it => html`<li key=${it.id}>
    <${Status} state=${it.state} /><div><p>${it.summary}</p><p class="hint">${it.subscription_id ? html`<${Link} href=${`/endpoints/${encodeURIComponent(it.subscription_id)}`}>${nameOf(it.subscription_id, endpoints)}<//>` : it.tenant ?? "everything"}</p></div><${Time} at=${it.at} />
  </li>`)}</ol>`;
}

function RuleForm({rule, session, onSave, onCancel, onDelete}) {
  const endpoints = [...useEndpoints().values()];
  const kind0 = rule.kind ?? "failure_rate";
  const scaled = (value, kind) => (value === undefined || value === null ? "" : String(Number((value * KINDS[kind].factor).toFixed(4))));
  const [form, change] = useState({
    kind: kind0,
    tenant: rule.tenant ?? session.tenant ?? "",
    subscription_id: rule.subscription_id ?? "",
    threshold: scaled(rule.threshold ?? 0.2, kind0),
    resolve_below: scaled(rule.resolve_below ?? 0.1, kind0),
    window: rule.window ?? "5m",
    minimum_volume: rule.minimum_volume ?? 20,
    notify: rule.notify ?? [],
  });
  const [problem, tell] = useState(null);
  const {says, unit, factor, window, volume} = KINDS[form.kind];
  const set = name => event => change({...form, [name]: event.target.value});
  const bad = name => (form[name] === "" || !(Number(form[name]) >= 0) ? "must be a number" : undefined);
  const submit = async event => {
    event.preventDefault();
    if (bad("threshold") || bad("resolve_below")) return;
    try {
      await onSave({
        ...rule,
        kind: form.kind,
        tenant: form.tenant || null,
        subscription_id: form.subscription_id || null,
        threshold: Number(form.threshold) / factor,
        resolve_below: Number(form.resolve_below) / factor,
        window: window ? form.window : null,
        minimum_volume: volume ? Number(form.minimum_volume) : null,
        enabled: rule.enabled ?? true,
        notify: form.notify,
      });
    } catch (failure) {
      tell(failure);
    }
  };
  return html`<form class="dialog-body" onSubmit=${submit} novalidate>
    ${problem && html`<${Trouble} problem=${problem} />`}
    <div class="form">
      <${Field} label="What" wide hint=${says}>${field => html`<${Select} ...${field} value=${form.kind} options=${Object.entries(KINDS).map(([key, it]) => [key, it.label])} onChange=${value => change({...form, kind: value})} />`}<//>
      <${Field} label="Endpoint">${field => html`<${Select} ...${field} value=${form.subscription_id} options=${[["", "any"], ...endpoints.map(it => [it.id, it.description || host(it.url)])]} onChange=${value => change({...form, subscription_id: value})} />`}<//>
      <${Field} label="Tenant" hint="Empty for all.">${field => html`<input ...${field} disabled=${!!session.tenant} value=${form.tenant} onInput=${set("tenant")} />`}<//>
      <${Field} label=${`Fires at${unit ? ` (${unit})` : ""}`} error=${bad("threshold")}>${field => html`<input ...${field} inputmode="decimal" value=${form.threshold} onInput=${set("threshold")} />`}<//>
      <${Field} label=${`Resolves below${unit ? ` (${unit})` : ""}`} error=${bad("resolve_below")} hint="Lower, so that it does not flap.">${field => html`<input ...${field} inputmode="decimal" value=${form.resolve_below} onInput=${set("resolve_below")} />`}<//>
      ${window && html`<${Field} label="Over" hint="e.g. 5m, 1h">${field => html`<input ...${field} value=${form.window} onInput=${set("window")} />`}<//>`}
      ${volume && html`<${Field} label="At least so many attempts">${field => html`<input ...${field} inputmode="numeric" value=${form.minimum_volume} onInput=${set("minimum_volume")} />`}<//>`}
    </div>
    <fieldset class="checks"><legend>Tell by</legend>${WAYS.map(([key, label]) => html`<label key=${key}><input type="checkbox" checked=${form.notify.includes(key)} onChange=${() => change({...form, notify: form.notify.includes(key) ? form.notify.filter(it => it !== key) : [...form.notify, key]})} />${label}</label>`)}</fieldset>
    <div class="form-foot">
      ${onDelete && html`<${Button} kind="danger" onClick=${() => onDelete().catch(tell)}>Delete<//>`}
      <${Button} onClick=${onCancel}>Cancel<//><button type="submit" class="button primary">Save</button>
    </div>
  </form>`;
}
