// A rule made or changed. What the API finds wrong is shown above the fields.
import {html} from "../html.js";
import {useState} from "../vendor/hooks.js";
import {useEndpoints} from "../endpoints.js";
import {host} from "../format.js";
import {Button, Field, Select, Trouble} from "./ui.js";

export const KINDS = {
  failure_rate: {label: "Failure rate", says: "The part of the attempts that fail.", unit: "%", factor: 100, window: true, volume: true},
  consecutive_failures: {label: "Failures in a row", says: "Attempts to one endpoint that fail one after another.", one: true},
  dead_letters: {label: "Dead letters", says: "Deliveries that are given up.", window: true},
  oldest_waiting: {label: "Oldest waiting", says: "How long the oldest open delivery has waited.", unit: "minutes", factor: 1 / 60},
  ledger_gap: {label: "Ledger gap", says: "Deliveries that are unaccounted for, of all tenants.", all: true},
  endpoint_disabled: {label: "Endpoint disabled", says: "An endpoint is given up: it is gone, asks for it, or has failed for too long.", found: true},
};
const PER = [["subscription", "each endpoint by itself"], ["tenant", "each tenant by itself"], ["all", "all together"]];

/// Whom a rule looks at, in words.
export function scopeOf(rule, name) {
  if (KINDS[rule.kind]?.all) return "everything";
  if (rule.subscription_id) return name(rule.subscription_id);
  const whose = rule.tenant ? ` of ${rule.tenant}` : "";
  return rule.per === "all" ? `all endpoints${whose} together` : rule.per === "tenant" ? (rule.tenant ? `tenant ${rule.tenant}` : "each tenant") : `each endpoint${whose}`;
}

export function RuleForm({rule, session, channels, onSave, onCancel, onDelete}) {
  const endpoints = [...useEndpoints().values()];
  const kind0 = rule.kind ?? "failure_rate";
  const scaled = (value, kind) => (value === undefined || value === null ? "" : String(Number((value * (KINDS[kind].factor ?? 1)).toFixed(4))));
  const [form, change] = useState({
    kind: kind0,
    tenant: rule.tenant ?? session.tenant ?? "",
    subscription_id: rule.subscription_id ?? "",
    per: rule.per ?? "subscription",
    threshold: scaled(rule.threshold ?? 0.5, kind0),
    resolve_below: scaled(rule.resolve_below ?? 0.2, kind0),
    window: rule.window ?? "5m",
    minimum_volume: rule.minimum_volume ?? 20,
    notify: rule.notify ?? ["*"],
  });
  const [problem, tell] = useState(null);
  const [busy, work] = useState(false);
  const {says, unit, factor = 1, window, volume, one, all, found} = KINDS[form.kind];
  const set = name => event => change({...form, [name]: event.target.value});
  const bad = name => (form[name] === "" || !(Number(form[name]) > 0) ? "must be a number above 0" : undefined);
  const above = Number(form.resolve_below) > Number(form.threshold) ? "must not be above where it fires" : undefined;
  const kinds = Object.entries(KINDS).filter(([, it]) => !it.all || !session.tenant).map(([key, it]) => [key, it.label]);
  const submit = async event => {
    event.preventDefault();
    if (!found && (bad("threshold") || bad("resolve_below") || above)) return;
    work(true);
    try {
      await onSave({
        ...(rule.id && {id: rule.id}),
        kind: form.kind,
        tenant: all ? null : form.tenant.trim() || null,
        subscription_id: all ? null : form.subscription_id || null,
        per: all ? "all" : one || found ? "subscription" : form.per,
        threshold: found ? 1 : Number(form.threshold) / factor,
        resolve_below: found ? 1 : Number(form.resolve_below) / factor,
        window: window ? form.window.trim() : null,
        minimum_volume: volume ? Number(form.minimum_volume) : null,
        enabled: rule.enabled ?? true,
        notify: form.notify,
      });
    } catch (failure) {
      tell(failure);
      work(false);
    }
  };
  const remove = async () => {
    work(true);
    try {
      await onDelete();
    } catch (failure) {
      tell(failure);
      work(false);
    }
  };
  return html`<form class="dialog-body" onSubmit=${submit} novalidate>
    ${problem && html`<${Trouble} problem=${problem} />`}
    <div class="form">
      <${Field} label="What" wide hint=${says}>${field => html`<${Select} ...${field} value=${form.kind} options=${kinds} onChange=${value => change({...form, kind: value})} />`}<//>
      ${!all && html`<${Field} label="Endpoint">${field => html`<${Select} ...${field} value=${form.subscription_id} options=${[["", "any"], ...endpoints.map(it => [it.id, it.description || host(it.url)])]} onChange=${value => change({...form, subscription_id: value})} />`}<//>
        <${Field} label="Tenant" hint=${session.tenant ? undefined : "Empty for all."}>${field => html`<input ...${field} spellcheck="false" disabled=${!!session.tenant} value=${form.tenant} onInput=${set("tenant")} />`}<//>`}
      ${!all && !one && !found && html`<${Field} label="Looks at" wide>${field => html`<${Select} ...${field} value=${form.per} options=${PER} onChange=${value => change({...form, per: value})} />`}<//>`}
      ${!found && html`<${Field} label=${`Fires at${unit ? ` (${unit})` : ""}`} error=${bad("threshold")}>${field => html`<input ...${field} inputmode="decimal" value=${form.threshold} onInput=${set("threshold")} />`}<//>
        <${Field} label=${`Over below${unit ? ` (${unit})` : ""}`} error=${bad("resolve_below") ?? above} hint="At most where it fires; lower, so that it does not come and go.">${field => html`<input ...${field} inputmode="decimal" value=${form.resolve_below} onInput=${set("resolve_below")} />`}<//>`}
      ${window && html`<${Field} label="Within" hint="Whole minutes or hours, e.g. 5m or 1h.">${field => html`<input ...${field} value=${form.window} onInput=${set("window")} />`}<//>`}
      ${volume && html`<${Field} label="With at least so many attempts">${field => html`<input ...${field} inputmode="numeric" value=${form.minimum_volume} onInput=${set("minimum_volume")} />`}<//>`}
    </div>
    <${Channels} channels=${channels} chosen=${form.notify} onChange=${notify => change({...form, notify})} />
    <div class="form-foot">
      ${onDelete && html`<${Button} kind="danger" disabled=${busy} onClick=${remove}>Delete<//>`}
      <${Button} onClick=${onCancel}>Cancel<//><button type="submit" class="button primary" disabled=${busy}>${busy ? "Saving …" : "Save"}</button>
    </div>
  </form>`;
}

/// All there are, now and later, or some of them.
function Channels({channels, chosen, onChange}) {
  const all = chosen.includes("*");
  const toggle = name => onChange(chosen.includes(name) ? chosen.filter(it => it !== name) : [...chosen, name]);
  return html`<fieldset class="checks"><legend>Tells</legend>
    <label><input type="checkbox" checked=${all} onChange=${() => onChange(all ? [] : ["*"])} />every channel</label>
    ${!all && channels.map(it => html`<label key=${it.name}><input type="checkbox" checked=${chosen.includes(it.name)} onChange=${() => toggle(it.name)} />${it.name} <span class="faint">${it.kind === "email" ? "e-mail" : it.kind}</span></label>`)}
    ${!all && !channels.length && html`<span class="hint">No channel is configured.</span>`}
  </fieldset>`;
}
