// One delivery: what was sent, what came back, when it is tried again, and how to send it once more.
import {html} from "../html.js";
import {useEffect, useState} from "../vendor/hooks.js";
import {useAnswer} from "../api.js";
import {Link} from "../router.js";
import {nameOf} from "../endpoints.js";
import {bytes, micros, pretty, words} from "../format.js";
import {Answered, Button, Choice, Code, Copy, Pairs, Reply, Status, Time} from "../parts/ui.js";
import {Timeline} from "../parts/timeline.js";
import {Timings} from "../parts/timings.js";
import {Signature} from "../parts/signature.js";
import {Replay} from "../parts/replay.js";
import {curl} from "../curl.js";

const TERMINAL = new Set(["delivered", "dead_lettered", "cancelled"]);

/// @param seen when the live log last heard of it: what is shown is then out of date
export function Delivery({id, seen, endpoints, onClose}) {
  const [terminal, end] = useState(false);
  const answer = useAnswer(`/v1/deliveries/${encodeURIComponent(id)}`, {every: terminal ? 0 : 4_000});
  const delivery = answer.value;
  useEffect(() => {
    if (seen && delivery && seen !== delivery.updated_at) answer.reload();
  }, [seen]);
  useEffect(() => end(!!delivery && TERMINAL.has(delivery.status)), [delivery?.status]);
  return html`<aside class="detail" aria-label="Delivery">
    <header class="detail-head">
      <${Button} kind="quiet phone-only" icon="back" onClick=${onClose} aria-label="Back to the live log" />
      <h2 class="mono cut">${id}</h2>
      <${Copy} text=${id} label="Copy the delivery's id" quiet />
      <${Button} kind="quiet wide-only" icon="close" onClick=${onClose} aria-label="Close" title="Close (Esc)" />
    </header>
    <div class="detail-body">
      <${Answered} answer=${answer} lines=${8}>${it => html`<${Shown} delivery=${it} endpoints=${endpoints} reload=${answer.reload} />`}<//>
    </div>
  </aside>`;
}

function Shown({delivery, endpoints, reload}) {
  const attempts = delivery.history ?? [];
  const [chosen, choose] = useState(null);
  const attempt = attempts.find(it => keyOf(it) === chosen) ?? attempts.at(-1);
  return html`
    <div class="summary">
      <div class="summary-line"><${Status} state=${delivery.status} /><span class="mono">${delivery.type}</span></div>
      <p class="summary-what">${sentence(delivery, attempts.at(-1))}</p>
      <div class="actions">
        <${Replay} delivery=${delivery} onDone=${reload} />
        ${attempt && html`<${Copy} text=${() => curl(delivery, attempt)} label="Copy as curl" />`}
      </div>
    </div>
    <dl class="facts">
      <div><dt>Recipient</dt><dd>${delivery.recipient}</dd></div>
      <div><dt>Endpoint</dt><dd><${Link} href=${`/endpoints/${encodeURIComponent(delivery.subscription_id)}`}>${nameOf(delivery.subscription_id, endpoints)}<//></dd></div>
      <div><dt>Event</dt><dd><${Link} class="mono" href=${`/?event_id=${encodeURIComponent(delivery.event_id)}`} title="Every delivery of this event">${delivery.event_id}<//></dd></div>
      <div><dt>Message</dt><dd class="mono">${delivery.message_id}</dd></div>
      <div><dt>Tenant</dt><dd>${delivery.tenant}</dd></div>
      <div><dt>Made</dt><dd><${Time} at=${delivery.created_at} /></dd></div>
      ${delivery.expires_at && html`<div><dt>Expires</dt><dd><${Time} at=${delivery.expires_at} /></dd></div>`}
      ${delivery.origin_delivery_id && html`<div><dt>Replays</dt><dd><${Link} class="mono" href=${`/deliveries/${encodeURIComponent(delivery.origin_delivery_id)}`}>${delivery.origin_delivery_id}<//></dd></div>`}
      ${delivery.replay_id && html`<div><dt>Replay job</dt><dd><${Link} class="mono" href=${`/replays/${encodeURIComponent(delivery.replay_id)}`}>${delivery.replay_id}<//></dd></div>`}
    </dl>
    <section aria-label="Attempts">
      <h3>Attempts</h3>
      <${Timeline} delivery=${delivery} attempts=${attempts} chosen=${attempt} keyOf=${keyOf} onChoose=${it => choose(keyOf(it))} />
      ${attempts.length === 0 && html`<p class="faint">No attempt yet.</p>`}
      ${attempts.length > 1 && html`<ol class="attempts">${attempts.toReversed().map(it => html`<li key=${keyOf(it)}>
        <button type="button" aria-pressed=${it === attempt} onClick=${() => choose(keyOf(it))}>
          <span class="n">${it.attempt}</span><${Status} state=${it.outcome} label=${it.outcome === "retry" ? "failed" : words(it.outcome)} />
          <${Reply} status=${it.status} error=${it.error} /><span class="faint">${micros(it.timings_us?.total)}</span><${Time} at=${it.started_at} />
        </button></li>`)}</ol>`}
    </section>
    ${attempt && html`<${Attempt} key=${keyOf(attempt)} attempt=${attempt} delivery=${delivery} />`}
    ${!attempt && html`<section><h3>Body</h3><${Code} text=${pretty(delivery.payload)} label="Body to be sent" /></section>`}`;
}

const keyOf = attempt => `${attempt.attempt}-${attempt.started_at}`;

/// The state in one sentence: what happened last and what happens next.
function sentence(delivery, last) {
  const said = last?.status ? `the endpoint answered ${last.status}` : last?.error ? `no answer: ${last.error_message || words(last.error)}` : "";
  const tries = `${delivery.attempts} ${delivery.attempts === 1 ? "attempt" : "attempts"}`;
  switch (delivery.status) {
    case "delivered":
      return html`Delivered after ${tries}${said && `; ${said}`}${last?.timings_us?.total ? ` in ${micros(last.timings_us.total)}` : ""}.`;
    case "retrying":
      return html`Failed ${delivery.attempts} ${delivery.attempts === 1 ? "time" : "times"}${said && `; at last ${said}`}. Tried again ${delivery.due_at ? html`<${Time} at=${delivery.due_at} />` : "soon"}.`;
    case "dead_lettered":
      return html`Given up after ${tries}: ${words(delivery.reason)}${said && `; at last ${said}`}. Replay it once the endpoint is well.`;
    case "cancelled":
      return html`Cancelled${delivery.reason ? `: ${words(delivery.reason)}` : ", since its endpoint was deleted"}.`;
    default:
      return delivery.due_at && new Date(delivery.due_at) > Date.now() ? html`Not attempted yet; waits until <${Time} at=${delivery.due_at} />.` : "Not attempted yet.";
  }
}

const SIDES = [["response", "Response"], ["request", "Request"], ["signature", "Signature"]];

function Attempt({attempt, delivery}) {
  const [side, show] = useState("response");
  const body = attempt.response_body;
  return html`<section aria-label="Attempt ${attempt.attempt}">
    <div class="section-head"><h3>Attempt ${attempt.attempt}</h3><${Choice} label="Part of the attempt" value=${side} options=${SIDES} onChange=${show} /></div>
    ${side === "response" && html`
      <p class="exchange"><${Reply} status=${attempt.status} error=${attempt.error} /> ${attempt.error_message ?? ""} <span class="faint">by ${attempt.worker}</span></p>
      <${Timings} timings=${attempt.timings_us} />
      <h4>Headers</h4>
      <${Pairs} pairs=${attempt.response_headers} label="Response headers" />
      <h4>Body${body ? html` <span class="faint">${bytes(new Blob([body]).size)}</span>` : null}${body && html`<${Copy} text=${body} label="Copy the response body" quiet />`}</h4>
      ${body ? html`<${Code} text=${pretty(body)} label="Response body" />` : html`<p class="faint">${attempt.status ? "Empty." : "No answer came."}</p>`}`}
    ${side === "request" && html`
      <p class="exchange mono">POST ${attempt.url ?? ""}</p>
      <h4>Headers</h4>
      <${Pairs} pairs=${attempt.request_headers} label="Request headers" />
      <h4>Body <${Copy} text=${() => raw(delivery.payload)} label="Copy the request body" quiet /></h4>
      <${Code} text=${delivery.payload ? pretty(delivery.payload) : "The log does not keep it."} label="Request body" />`}
    ${side === "signature" && html`<${Signature} headers=${attempt.request_headers} subscription=${delivery.subscription_id} />`}
  </section>`;
}

const raw = payload => (typeof payload === "string" ? payload : JSON.stringify(payload));
