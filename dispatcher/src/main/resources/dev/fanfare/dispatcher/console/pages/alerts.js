// When somebody is told: what fires now, what has been said, and the rules.
import {html} from "../html.js";
import {useState} from "../vendor/hooks.js";
import {put, useAnswer} from "../api.js";
import {Link} from "../router.js";
import {nameOf, useEndpoints} from "../endpoints.js";
import {duration, number} from "../format.js";
import {Answered, Button, Dialog, Empty, Heading, Status, Time, Trouble} from "../parts/ui.js";
import {KINDS, RuleForm, scopeOf} from "../parts/rule-form.js";

export function Alerts({session}) {
  const rules = useAnswer("/v1/alert-rules");
  const history = useAnswer("/v1/alerts?limit=100", {every: 5_000});
  const firing = useAnswer("/v1/alerts?state=firing&limit=100", {every: 5_000});
  const [editing, edit] = useState(null);
  const [problem, tell] = useState(null);
  const items = rules.value?.items ?? [];
  const channels = rules.value?.channels ?? [];
  const mayWrite = session.role !== "viewer";
  const save = async next => {
    tell(null);
    try {
      // With the version that was read: what somebody else has changed meanwhile is not undone.
      await put("/v1/alert-rules", {version: rules.value.version, items: next});
      edit(null);
      rules.reload();
    } catch (failure) {
      if (failure.status === 409) rules.reload();
      if (editing) throw failure;
      tell(failure);
    }
  };
  return html`<div class="page">
    <${Heading} title="Alerts" lead="Somebody is told once when a threshold is passed, and once when it is over.">
      ${mayWrite && rules.value && html`<${Button} kind="primary" icon="plus" onClick=${() => edit({})}>New rule<//>`}
    <//>
    ${problem && html`<${Trouble} problem=${problem} />`}
    <section class="stack firing" aria-live="polite"><h2>Firing now</h2><${Answered} answer=${firing} lines=${2}>${it => html`<${Firing} items=${it.items} />`}<//></section>
    <section class="stack"><h2>Rules</h2><${Answered} answer=${rules} lines=${4}>${() => html`
      ${channels.length === 0 && html`<p class="banner">Nobody is told yet: no channel is configured. What rules say is shown here only. See <code>alerts.channels</code> in the configuration.</p>`}
      ${items.length === 0 ? html`<div class="panel"><${Empty} title="No rule yet.">A good first one: a failure rate above 50 % over 5 minutes, with at least 20 attempts.<//></div>`
        : html`<${Rules} items=${items} channels=${channels} mayWrite=${mayWrite} onEdit=${edit} onToggle=${rule => save(items.map(it => (it.id === rule.id ? {...it, enabled: !it.enabled} : it)))} />`}`}<//></section>
    <section class="stack"><h2>History</h2><${Answered} answer=${history}>${it => html`<${History} items=${it.items} />`}<//></section>
    ${editing && html`<${Dialog} title=${editing.id ? "Edit rule" : "New rule"} wide onClose=${() => edit(null)}>
      <${RuleForm} rule=${editing} session=${session} channels=${channels} onCancel=${() => edit(null)}
        onSave=${rule => save(editing.id ? items.map(it => (it.id === editing.id ? rule : it)) : [...items, rule])}
        onDelete=${editing.id ? () => save(items.filter(it => it.id !== editing.id)) : null} /><//>`}
  </div>`;
}

const shown = (value, kind) => {
  if (value === null || value === undefined) return "–";
  const {factor = 1, unit = "", found} = KINDS[kind] ?? {};
  if (found) return "–";
  return kind === "oldest_waiting" ? duration(value * 1_000) : `${number(Number((value * factor).toFixed(2)))}${unit ? ` ${unit}` : ""}`;
};

function Rules({items, channels, mayWrite, onEdit, onToggle}) {
  const endpoints = useEndpoints();
  return html`<div class="table-box" tabindex="0" role="region" aria-label="Rules"><table class="cards rules">
    <thead><tr><th>Rule</th><th>For</th><th class="right">Fires at</th><th class="right">Over below</th><th>Within</th><th>Tells</th><th>On</th></tr></thead>
    <tbody>${items.map(rule => html`<tr key=${rule.id} class=${rule.enabled ? "" : "switched-off"}>
      <td class="name">${mayWrite ? html`<button type="button" class="link" onClick=${() => onEdit(rule)}>${KINDS[rule.kind]?.label ?? rule.kind}</button>` : KINDS[rule.kind]?.label ?? rule.kind}</td>
      <td data-label="for">${scopeOf(rule, id => nameOf(id, endpoints))}</td>
      <td data-label="fires at" class="right">${shown(rule.threshold, rule.kind)}</td>
      <td data-label="over below" class="right">${shown(rule.resolve_below, rule.kind)}</td>
      <td data-label="within">${rule.window ?? "–"}${rule.minimum_volume ? html`<small>at least ${number(rule.minimum_volume)} attempts</small>` : null}</td>
      <td data-label="tells">${told(rule, channels)}</td>
      <td data-label="on"><input type="checkbox" aria-label=${`${KINDS[rule.kind]?.label ?? rule.kind} on`} checked=${rule.enabled} disabled=${!mayWrite} onChange=${() => onToggle(rule)} /></td>
    </tr>`)}</tbody></table></div>`;
}

const told = (rule, channels) => {
  const names = rule.notify.includes("*") ? channels.map(it => it.name) : rule.notify;
  return names.length ? names.join(", ") : html`<span class="faint">this page</span>`;
};

function Firing({items}) {
  if (!items.length) return html`<p class="all-quiet"><${Status} state="resolved" label="All quiet" /> No alert fires.</p>`;
  return html`<ol class="alerts panel">${items.map(it => html`<${Said} key=${it.id} alert=${it} />`)}</ol>`;
}

function History({items}) {
  if (!items.length) return html`<div class="panel"><${Empty} title="Nothing yet.">No rule has fired so far.<//></div>`;
  return html`<ol class="alerts panel">${items.map(it => html`<${Said} key=${it.id} alert=${it} />`)}</ol>`;
}

function Said({alert: it}) {
  const endpoints = useEndpoints();
  const about = it.subscription_id
    ? html`<${Link} href=${`/endpoints/${encodeURIComponent(it.subscription_id)}`}>${nameOf(it.subscription_id, endpoints)}<//>`
    : it.tenant ?? "everything";
  return html`<li data-id=${it.id}>
    <${Status} state=${it.state} label=${it.state === "fired" ? "Alert" : "Over"} />
    <div><p>${it.summary}</p><p class="hint">${about}${it.subscription_id && it.tenant ? html` · ${it.tenant}` : null}<${Notified} notifications=${it.notifications} /></p></div>
    <${Time} at=${it.at} />
  </li>`;
}

const SAYS = {sent: "told", pending: "telling", failed: "not told", withheld: "withheld from"};

/// Who was told, and who could not be.
function Notified({notifications}) {
  if (!notifications?.length) return null;
  const by = Object.groupBy(notifications, it => it.state);
  return Object.entries(by).map(([state, those]) => html`<span key=${state} class=${state === "failed" ? "tone-bad" : ""} title=${those.map(it => it.detail).filter(Boolean).join("; ") || undefined}> · ${SAYS[state] ?? state} ${those.map(it => it.channel).join(", ")}</span>`);
}
