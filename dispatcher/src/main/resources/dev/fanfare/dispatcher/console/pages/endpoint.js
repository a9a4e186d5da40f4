// One endpoint: how it does, what it is set to, and what can be done to it.
import {html} from "../html.js";
import {useState} from "../vendor/hooks.js";
import {post, remove, useAnswer} from "../api.js";
import {refresh} from "../endpoints.js";
import {Link, go, useLocation} from "../router.js";
import {compact, host, micros, millis, percent, pretty, words} from "../format.js";
import {Answered, Button, Choice, Code, Copy, Dialog, Empty, Field, Heading, Pairs, Reply, Select, Status, Time, Trouble, announce} from "../parts/ui.js";
import {Chart} from "../parts/chart.js";
import {EndpointForm, Secret} from "../parts/endpoint-form.js";
import {RANGES, useStatistics} from "../statistics.js";
import {tone} from "./endpoints.js";

export function Endpoint({id, session}) {
  const path = `/v1/subscriptions/${encodeURIComponent(id)}`;
  const answer = useAnswer(path, {every: 10_000});
  return html`<div class="page">
    <${Answered} answer=${answer} lines=${6}>${endpoint => html`<${Shown} endpoint=${endpoint} path=${path} session=${session} reload=${answer.reload} />`}<//>
  </div>`;
}

function Shown({endpoint, path, session, reload}) {
  const {query} = useLocation();
  const range = RANGES[query.get("range")] ? query.get("range") : "1h";
  const statistics = useStatistics(endpoint.id, range);
  const breaker = useAnswer(`/v1/breakers?subscription=${encodeURIComponent(endpoint.id)}`, {every: 3_000}).value;
  const [open, show] = useState(null);
  const [problem, tell] = useState(null);
  const close = () => show(null);
  const changed = () => {
    close();
    reload();
  };
  const turn = async word => {
    tell(null);
    try {
      await post(`${path}/${word}`);
      announce(`The endpoint is ${word === "pause" ? "paused" : "resumed"}`);
      reload();
    } catch (failure) {
      tell(failure);
    }
  };
  const mayWrite = session.role !== "viewer";
  const off = endpoint.status !== "active";
  return html`
    <p><${Link} href="/endpoints">Endpoints<//></p>
    <${Heading} title=${endpoint.description || host(endpoint.url)} lead=${html`<span class="mono">${endpoint.url}</span>`}>
      ${mayWrite && html`
        <${Button} kind="primary" onClick=${() => show("test")}>Send a test event<//>
        <${Button} icon=${off ? "play" : "pause"} onClick=${() => turn(off ? "resume" : "pause")}>${off ? "Resume" : "Pause"}<//>
        <${Button} onClick=${() => show("edit")}>Edit<//>
        <${Button} onClick=${() => show("rotate")}>Rotate secret<//>
        <${Button} kind="danger" onClick=${() => show("delete")}>Delete<//>`}
    <//>
    ${problem && html`<${Trouble} problem=${problem} />`}
    ${endpoint.status === "disabled" && html`<p class="banner">Disabled${endpoint.status_reason ? `: ${words(endpoint.status_reason)}` : ""}. Nothing is sent until it is resumed.</p>`}
    ${endpoint.status === "paused" && html`<p class="banner">Paused. What is due for it waits and is sent when it is resumed, or expires.</p>`}
    <div class="section-head"><h2>How it does</h2><${Choice} label="Range" value=${range} options=${Object.entries(RANGES).map(([key, it]) => [key, it.label])} onChange=${key => go(`?range=${key}`, {replace: true})} /></div>
    <${Numbers} statistics=${statistics} status=${endpoint.status} breaker=${breaker} />
    <${Charts} statistics=${statistics} />
    <div class="columns">
      <section class="panel"><div class="section-head"><h2>Latest deliveries</h2><${Link} href=${`/?subscription=${encodeURIComponent(endpoint.id)}`}>All of them<//></div><${Latest} id=${endpoint.id} /></section>
      <section class="panel"><h2>Settings</h2><${Settings} endpoint=${endpoint} /></section>
    </div>
    ${open === "edit" && html`<${Dialog} title="Edit endpoint" wide onClose=${close}><${EndpointForm} endpoint=${endpoint} session=${session} onCancel=${close} onSaved=${changed} /><//>`}
    ${open === "test" && html`<${Test} endpoint=${endpoint} path=${path} onClose=${close} />`}
    ${open === "rotate" && html`<${Rotate} path=${path} onClose=${changed} />`}
    ${open === "delete" && html`<${Delete} endpoint=${endpoint} path=${path} onClose=${close} />`}`;
}

/// Whether requests flow, and if not, until when.
function Breaker({answer}) {
  if (!answer || answer.complete === false) return html`<dd class="faint">–</dd>`;
  const one = answer.items[0];
  const says = !one ? "requests flow" : one.state === "open" ? html`next try <${Time} at=${one.until} />` : "one at a time, to see";
  return html`<dd><${Status} state=${one?.state ?? "closed"} /><small>${says}</small></dd>`;
}

function Numbers({statistics: {sum, problem, reload}, status, breaker}) {
  if (problem && !sum) return html`<${Trouble} problem=${problem} retry=${reload} />`;
  return html`<dl class="tiles">
    <div><dt>State</dt><dd><${Status} state=${status} /></dd></div>
    <div class="breaker"><dt>Breaker</dt><${Breaker} answer=${breaker} /></div>
    <div><dt>Success</dt><dd class=${tone(sum?.success)}>${percent(sum?.success)}</dd></div>
    <div><dt>Attempts</dt><dd>${compact(sum?.attempts)}</dd></div>
    <div><dt>Failed</dt><dd>${compact(sum?.failed)}</dd></div>
    <div><dt>Dead letters</dt><dd>${compact(sum?.deadLettered)}</dd></div>
    <div><dt>p50</dt><dd>${millis(sum?.p50)}</dd></div>
    <div><dt>p95</dt><dd>${millis(sum?.p95)}</dd></div>
  </dl>`;
}

function Charts({statistics: {filled, from, until}}) {
  if (!filled) return null;
  const frame = {times: filled.times, from, until};
  return html`<div class="charts">
    <div class="panel"><${Chart} ...${frame} label="Attempts" format=${value => (Number.isInteger(value) ? compact(value) : "")}
      series=${[{label: "all", values: filled.attempts, color: "--chart-good", bars: true}, {label: "failed", values: filled.failed, color: "--bad", bars: true}]} /></div>
    <div class="panel"><${Chart} ...${frame} label="Time to the answer" format=${millis}
      series=${[{label: "p50", values: filled.p50, color: "--good"}, {label: "p95", values: filled.p95, color: "--busy"}, {label: "p99", values: filled.p99, color: "--warn"}]} /></div>
  </div>`;
}

function Latest({id}) {
  const answer = useAnswer(`/v1/deliveries?subscription=${encodeURIComponent(id)}&limit=8`, {every: 5_000});
  return html`<${Answered} answer=${answer}>${({items}) => items.length === 0
    ? html`<${Empty} title="None yet.">Send a test event to see one.<//>`
    : html`<ul class="latest">${items.map(item => html`<li key=${item.id}><${Link} href=${`/deliveries/${encodeURIComponent(item.id)}?subscription=${encodeURIComponent(id)}`}>
        <${Status} state=${item.status} /><span class="mono cut">${item.type}</span><${Reply} status=${item.last_status} error=${item.last_error} /><${Time} at=${item.updated_at} />
      <//></li>`)}</ul>`}<//>`;
}

/// Whom it says it is; the secret is never shown.
const shown = it => ({
  basic: `basic, as ${it.username}`,
  oauth2: `OAuth 2.0, ${it.client_id} at ${host(it.token_url ?? "")}`,
  mtls: "a client certificate",
})[it.type] ?? it.type;

function Settings({endpoint}) {
  const rows = {
    id: endpoint.id,
    tenant: endpoint.tenant,
    "event types": endpoint.event_types.join(", "),
    signing: endpoint.signing,
    ...(endpoint.public_key && {"public key": endpoint.public_key}),
    format: endpoint.format,
    "schema version": endpoint.schema_version ?? "newest",
    timeout: endpoint.timeout ?? "default",
    "rate limit": endpoint.rate_limit_per_second ? `${endpoint.rate_limit_per_second} /s` : "none",
    "at a time": endpoint.max_concurrency ?? "default",
    retries: endpoint.retry_schedule?.length ? endpoint.retry_schedule.join(", ") : "default, for 24 h",
    headers: Object.keys(endpoint.headers ?? {}).join(", ") || "none",
    authentication: endpoint.authentication ? shown(endpoint.authentication) : "none",
  };
  return html`<${Pairs} pairs=${rows} label="Settings" />
    ${endpoint.filter && html`<h3>Filter</h3><${Code} text=${pretty(endpoint.filter)} label="Filter" />`}
    <p class="hint">Made <${Time} at=${endpoint.created_at} />, changed <${Time} at=${endpoint.updated_at} />.</p>`;
}

function Test({endpoint, path, onClose}) {
  const types = useAnswer("/v1/event-types").value?.items ?? [];
  const [type, choose] = useState("");
  const [said, show] = useState(null);
  const [busy, work] = useState(false);
  const [problem, tell] = useState(null);
  const send = async () => {
    work(true);
    tell(null);
    show(null);
    try {
      show(await post(`${path}/test`, type ? {type} : {}));
    } catch (failure) {
      tell(failure);
    } finally {
      work(false);
    }
  };
  const taken = said?.status >= 200 && said?.status < 300;
  return html`<${Dialog} title="Send a test event" wide onClose=${onClose}>
    <div class="dialog-body">
      <p>The example of a type is sent to <span class="mono">${host(endpoint.url)}</span> once, signed like any other event. It is no delivery: nothing is retried, and the log does not show it.</p>
      <${Field} label="Event type">${field => html`<${Select} ...${field} value=${type} options=${[["", "one that the endpoint gets"], ...types.map(it => [it.type, it.type])]} onChange=${choose} />`}<//>
      ${problem && html`<${Trouble} problem=${problem} />`}
      ${busy && html`<p role="status"><${Status} state="pending" label="on its way" /></p>`}
      ${said && html`<div class="stack" role="status">
        <p><${Status} state=${taken ? "delivered" : "failed"} label=${taken ? "taken" : said.status ? "refused" : "no answer"} /> <${Reply} status=${said.status} error=${said.error} /> ${said.error_message ?? ""} <span class="faint">${said.type} in ${micros(said.total_us)}</span></p>
        ${said.response_body && html`<${Code} text=${pretty(said.response_body)} label="Response body" />`}
        ${said.status && !said.response_body && html`<p class="faint">The answer has no body.</p>`}
      </div>`}
      <div class="form-foot"><${Button} onClick=${onClose}>Close<//><${Button} kind="primary" busy=${busy} onClick=${send}>${said ? "Send another" : "Send"}<//></div>
    </div>
  <//>`;
}

function Rotate({path, onClose}) {
  const [overlap, keep] = useState("24h");
  const [made, show] = useState(null);
  const [problem, tell] = useState(null);
  const rotate = async () => {
    tell(null);
    try {
      show(await post(`${path}/secret/rotate`, {overlap}));
    } catch (failure) {
      tell(failure);
    }
  };
  if (made) return html`<${Secret} secret=${made.secret} title="The secret is rotated" onClose=${onClose}><p class="hint">Until the old one ends, requests carry a signature by each.</p><//>`;
  return html`<${Dialog} title="Rotate the secret" onClose=${onClose}>
    <div class="dialog-body">
      <p>A new secret is made. The old one goes on signing beside it for a while, so that the receiver can change over without losing an event.</p>
      <${Field} label="The old one is good for">${field => html`<${Select} ...${field} value=${overlap} options=${[["1h", "1 hour"], ["24h", "24 hours"], ["72h", "3 days"], ["0s", "no longer: it may be known to others"]]} onChange=${keep} />`}<//>
      ${problem && html`<${Trouble} problem=${problem} />`}
      <div class="form-foot"><${Button} onClick=${onClose}>Cancel<//><${Button} kind="primary" onClick=${rotate}>Rotate<//></div>
    </div>
  <//>`;
}

function Delete({endpoint, path, onClose}) {
  const [problem, tell] = useState(null);
  const erase = async () => {
    try {
      await remove(path);
      refresh();
      go("/endpoints");
    } catch (failure) {
      tell(failure);
    }
  };
  return html`<${Dialog} title="Delete the endpoint" onClose=${onClose}>
    <div class="dialog-body">
      <p><strong>${endpoint.description || host(endpoint.url)}</strong> gets no more events, and what still waits for it is cancelled. This can't be undone.</p>
      <p class="hint">To stop it for a while, pause it instead.</p>
      ${problem && html`<${Trouble} problem=${problem} />`}
      <div class="form-foot"><${Button} onClick=${onClose}>Keep it<//><${Button} kind="danger" onClick=${erase}>Delete<//></div>
    </div>
  <//>`;
}
