// An endpoint made or changed. What the API finds wrong is shown at the field that it is about.
import {html} from "../html.js";
import {useState} from "../vendor/hooks.js";
import {patch, post, useAnswer} from "../api.js";
import {refresh} from "../endpoints.js";
import {AuthenticationFields, fromApi, toApi} from "./authentication.js";
import {Button, Copy, Dialog, Field, Select, Trouble} from "./ui.js";

const SIGNING = [["hmac", "HMAC-SHA256 (v1)"], ["ed25519", "ed25519 (v1a)"], ["both", "both"]];
const FORMATS = [["standard", "Standard Webhooks"], ["cloudevents-binary", "CloudEvents, binary"], ["cloudevents-structured", "CloudEvents, structured"]];
const SHOWN_AT = ["tenant", "url", "description", "event_types", "signing", "format", "timeout", "rate_limit_per_second", "max_concurrency", "headers", "filter", "authentication"];

/// @param endpoint the one to change; none to make one
export function EndpointForm({endpoint, session, onSaved, onCancel}) {
  const types = useAnswer("/v1/event-types").value?.items ?? [];
  const [form, change] = useState({
    tenant: endpoint?.tenant ?? session.tenant ?? "",
    url: endpoint?.url ?? "",
    description: endpoint?.description ?? "",
    event_types: (endpoint?.event_types ?? ["*"]).join(", "),
    signing: endpoint?.signing ?? "hmac",
    format: endpoint?.format ?? "standard",
    timeout: endpoint?.timeout ?? "",
    rate_limit_per_second: endpoint?.rate_limit_per_second ?? "",
    max_concurrency: endpoint?.max_concurrency ?? "",
    headers: Object.entries(endpoint?.headers ?? {}).map(([name, value]) => `${name}: ${value}`).join("\n"),
    authentication: fromApi(endpoint?.authentication),
    filter: endpoint?.filter ? JSON.stringify(endpoint.filter, null, 2) : "",
  });
  const [problem, tell] = useState(null);
  const [busy, work] = useState(false);
  const set = name => event => change({...form, [name]: event.target.value});
  const error = name => problem?.errors?.filter(it => it.pointer === `/${name}` || it.pointer.startsWith(`/${name}/`)).map(it => it.detail).join("; ");
  const others = problem?.errors?.filter(it => !SHOWN_AT.some(name => it.pointer === `/${name}` || it.pointer.startsWith(`/${name}/`))) ?? [];

  const submit = async event => {
    event.preventDefault();
    const local = faults(form);
    if (local.length) {
      tell({title: "The form is not complete", errors: local});
      return;
    }
    work(true);
    tell(null);
    try {
      const wanted = json(form, endpoint);
      const saved = endpoint ? await patch(`/v1/subscriptions/${encodeURIComponent(endpoint.id)}`, wanted) : await post("/v1/subscriptions", wanted);
      refresh();
      onSaved(saved);
    } catch (failure) {
      tell(failure);
      work(false);
    }
  };

  return html`<form class="dialog-body" onSubmit=${submit} novalidate>
    ${problem && (others.length > 0 || !problem.errors?.length) && html`<${Trouble} problem=${{title: problem.title, message: problem.message, errors: others}} />`}
    <div class="form">
      <${Field} label="URL" wide error=${error("url")} hint="Gets a signed POST for each event.">
        ${field => html`<input ...${field} type="url" autofocus spellcheck="false" placeholder="https://example.com/webhooks" value=${form.url} onInput=${set("url")} />`}
      <//>
      ${!session.tenant && html`<${Field} label="Tenant" error=${error("tenant")} hint=${endpoint ? "Can't be changed." : undefined}>
        ${field => html`<input ...${field} disabled=${!!endpoint} spellcheck="false" value=${form.tenant} onInput=${set("tenant")} />`}
      <//>`}
      <${Field} label="Description" error=${error("description")}>
        ${field => html`<input ...${field} value=${form.description} onInput=${set("description")} />`}
      <//>
      <${Field} label="Event types" wide error=${error("event_types")} hint="With commas between; * for all, email.* for a family.">
        ${field => html`<input ...${field} list="event-types" spellcheck="false" value=${form.event_types} onInput=${set("event_types")} /><datalist id="event-types">${types.map(it => html`<option key=${it.type} value=${it.type} />`)}</datalist>`}
      <//>
      <${Field} label="Signature" error=${error("signing")}>
        ${field => html`<${Select} ...${field} value=${form.signing} options=${SIGNING} onChange=${value => change({...form, signing: value})} />`}
      <//>
      <${Field} label="Format" error=${error("format")}>
        ${field => html`<${Select} ...${field} value=${form.format} options=${FORMATS} onChange=${value => change({...form, format: value})} />`}
      <//>
    </div>
    <details open=${!!error("authentication") || undefined}>
      <summary>Authentication${form.authentication.type && `: ${form.authentication.type}`}</summary>
      <div class="form">
        <${AuthenticationFields} value=${form.authentication} stored=${endpoint?.authentication?.type} error=${error} onChange=${authentication => change({...form, authentication})} />
      </div>
    </details>
    <details>
      <summary>Limits, headers and filter</summary>
      <div class="form">
        <${Field} label="Timeout" error=${error("timeout")} hint="1s to 30s; empty for the default.">
          ${field => html`<input ...${field} placeholder="15s" value=${form.timeout} onInput=${set("timeout")} />`}
        <//>
        <${Field} label="Most requests a second" error=${error("rate_limit_per_second")} hint="Empty for no limit.">
          ${field => html`<input ...${field} inputmode="decimal" value=${form.rate_limit_per_second} onInput=${set("rate_limit_per_second")} />`}
        <//>
        <${Field} label="Most at a time" error=${error("max_concurrency")} hint="Empty for the default.">
          ${field => html`<input ...${field} inputmode="numeric" value=${form.max_concurrency} onInput=${set("max_concurrency")} />`}
        <//>
        <${Field} label="Headers" wide error=${error("headers")} hint="One a line, as Name: value.">
          ${field => html`<textarea ...${field} spellcheck="false" value=${form.headers} onInput=${set("headers")}></textarea>`}
        <//>
        <${Field} label="Filter" wide error=${error("filter")} hint="JSON, as the API takes it; empty for none.">
          ${field => html`<textarea ...${field} spellcheck="false" placeholder=${'{"recipient_domains": ["example.com"]}'} value=${form.filter} onInput=${set("filter")}></textarea>`}
        <//>
      </div>
    </details>
    <div class="form-foot">
      <${Button} onClick=${onCancel}>Cancel<//>
      <button type="submit" class="button primary" disabled=${busy}>${busy ? "Saving …" : endpoint ? "Save" : "Make endpoint"}</button>
    </div>
  </form>`;
}

const lines = text => text.split("\n").map(line => line.trim()).filter(Boolean);

function faults(form) {
  const wrong = [];
  if (!form.url.trim()) wrong.push({pointer: "/url", detail: "is needed"});
  for (const line of lines(form.headers)) {
    if (!/^[^:\s]+:/.test(line)) wrong.push({pointer: "/headers", detail: `"${line}" is no Name: value`});
  }
  if (form.filter.trim()) {
    try {
      JSON.parse(form.filter);
    } catch (e) {
      wrong.push({pointer: "/filter", detail: `is no JSON: ${e.message}`});
    }
  }
  for (const name of ["rate_limit_per_second", "max_concurrency"]) {
    if (Number.isNaN(Number(form[name]))) wrong.push({pointer: `/${name}`, detail: "must be a number"});
  }
  return wrong;
}

/// What the API gets: a change names only what is another now.
function json(form, endpoint) {
  const optional = value => (String(value).trim() === "" ? null : value);
  const wanted = {
    tenant: form.tenant.trim(),
    url: form.url.trim(),
    description: optional(form.description),
    event_types: form.event_types.split(",").map(type => type.trim()).filter(Boolean),
    signing: form.signing,
    format: form.format,
    timeout: optional(form.timeout),
    rate_limit_per_second: optional(form.rate_limit_per_second) === null ? null : Number(form.rate_limit_per_second),
    max_concurrency: optional(form.max_concurrency) === null ? null : Number(form.max_concurrency),
    headers: Object.fromEntries(lines(form.headers).map(line => [line.slice(0, line.indexOf(":")).trim(), line.slice(line.indexOf(":") + 1).trim()])),
    authentication: toApi(form.authentication),
    filter: form.filter.trim() ? JSON.parse(form.filter) : null,
  };
  if (!endpoint) return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null));
  delete wanted.tenant;
  const before = Object.fromEntries(Object.keys(wanted).map(name => [name, endpoint[name] ?? null]));
  return mergePatch(before, wanted) ?? {};
}

const isObject = it => it !== null && typeof it === "object" && !Array.isArray(it);

/// What makes one out of the other by RFC 7396; undefined when they are the same.
function mergePatch(before, after) {
  if (!isObject(before) || !isObject(after)) {
    return JSON.stringify(before ?? null) === JSON.stringify(after ?? null) ? undefined : after;
  }
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const patch = {};
  for (const name of names) {
    const change = mergePatch(before[name] ?? null, after[name] ?? null);
    if (change !== undefined) patch[name] = change;
  }
  return Object.keys(patch).length ? patch : undefined;
}

/// A secret that is shown this once.
export function Secret({secret, title, children, onClose}) {
  return html`<${Dialog} title=${title} onClose=${onClose}>
    <div class="dialog-body">
      ${secret ? html`<p>This is the secret that its requests are signed with. Give it to the receiver now.</p>
        <div class="secret"><code>${secret}</code><${Copy} text=${secret} /></div>` : html`<p>It signs with its key pair; the public key is on its page.</p>`}
      ${children}
      <div class="form-foot"><${Button} kind="primary" onClick=${onClose}>Done<//></div>
    </div>
  <//>`;
}
