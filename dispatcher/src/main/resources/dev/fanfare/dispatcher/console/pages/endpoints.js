// Every endpoint on one page: is it well, how fast, how much.
import {html} from "../html.js";
import {useState} from "../vendor/hooks.js";
import {useAnswer} from "../api.js";
import {Link, go, useLocation} from "../router.js";
import {compact, host, millis, percent, words} from "../format.js";
import {Answered, Button, Choice, Dialog, Empty, Heading, Status} from "../parts/ui.js";
import {Sparkline} from "../parts/chart.js";
import {EndpointForm, Secret} from "../parts/endpoint-form.js";
import {RANGES, rebin, useStatistics} from "../statistics.js";

const BINS = 30;
const MOST = 200; // one page of the list; more are found by the filter of the log

export function Endpoints({session}) {
  const {query} = useLocation();
  const range = RANGES[query.get("range")] ? query.get("range") : "24h";
  const [making, make] = useState(false);
  const [made, show] = useState(null);
  const answer = useAnswer(`/v1/subscriptions?limit=${MOST}`, {every: 15_000});
  const breakers = useAnswer("/v1/breakers", {every: 5_000}).value?.items ?? [];
  const mayWrite = session.role !== "viewer";
  return html`<div class="page">
    <${Heading} title="Endpoints" lead="Who gets which events, and how well they take them.">
      <${Choice} label="Range" value=${range} options=${Object.entries(RANGES).map(([key, it]) => [key, it.label])} onChange=${key => go(`/endpoints?range=${key}`, {replace: true})} />
      ${mayWrite && html`<${Button} kind="primary" icon="plus" onClick=${() => make(true)}>New endpoint<//>`}
    <//>
    <${Answered} answer=${answer} lines=${6}>${({items, next_cursor: more}) => items.length === 0
      ? html`<div class="panel"><${Empty} title="No endpoint yet.">An endpoint is a URL of yours that gets the events you choose, signed. <button type="button" class="link" onClick=${() => make(true)}>Make the first one</button>.<//></div>`
      : html`<div class="table-box" tabindex="0" role="region" aria-label="Endpoints"><table class="endpoints cards">
          <thead><tr><th>Endpoint</th><th>State</th><th class="right">Success</th><th class="right">p50</th><th class="right">p95</th><th class="right">Attempts</th><th>Volume, failures</th></tr></thead>
          <tbody>${items.map(item => html`<${Row} key=${item.id} endpoint=${item} range=${range} breaker=${breakers.find(it => it.subscription_id === item.id)} />`)}</tbody>
        </table></div>
        ${more && html`<p class="hint">The first ${MOST} are shown.</p>`}`}
    <//>
    ${making && html`<${Dialog} title="New endpoint" wide onClose=${() => make(false)}>
      <${EndpointForm} session=${session} onCancel=${() => make(false)} onSaved=${it => {
        make(false);
        show(it);
        answer.reload();
      }} />
    <//>`}
    ${made && html`<${Secret} secret=${made.secret} title="The endpoint is made" onClose=${() => {
      show(null);
      go(`/endpoints/${encodeURIComponent(made.id)}`);
    }} />`}
  </div>`;
}

function Row({endpoint, range, breaker}) {
  const {sum, filled} = useStatistics(endpoint.id, range);
  const volume = rebin(filled?.attempts, BINS);
  const failures = rebin(filled?.failed, BINS);
  return html`<tr>
    <td class="name"><${Link} href=${`/endpoints/${encodeURIComponent(endpoint.id)}`}>${endpoint.description || host(endpoint.url)}<//><small class="cut">${endpoint.description ? host(endpoint.url) : endpoint.id} · ${endpoint.tenant}</small></td>
    <td><${Status} state=${endpoint.status} />${endpoint.status_reason && html`<small>${words(endpoint.status_reason)}</small>`}${breaker && html`<small class="breaker"><${Status} state=${breaker.state} label=${`breaker ${words(breaker.state)}`} /></small>`}</td>
    <td data-label="success" class="right ${tone(sum?.success)}">${percent(sum?.success)}</td>
    <td data-label="p50" class="right">${millis(sum?.p50)}</td>
    <td data-label="p95" class="right">${millis(sum?.p95)}</td>
    <td data-label="attempts" class="right">${compact(sum?.attempts)}</td>
    <td><${Sparkline} values=${volume} bad=${failures} label=${`${compact(sum?.attempts)} attempts, ${compact(sum?.failed)} of them failed`} /></td>
  </tr>`;
}

/// Words and numbers say it too; the colour only draws the eye.
export const tone = success => (success === null || success === undefined || success >= 0.99 ? "" : success >= 0.9 ? "tone-warn" : "tone-bad");
