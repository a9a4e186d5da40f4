// What never succeeded, by endpoint and cause, to be sent again once the cause is gone.
import {html} from "../html.js";
import {useState} from "../vendor/hooks.js";
import {post, useAnswer} from "../api.js";
import {Link, go} from "../router.js";
import {nameOf, useEndpoints} from "../endpoints.js";
import {duration, number, words} from "../format.js";
import {Answered, Button, Dialog, Empty, Field, Heading, Reply, Time, Trouble} from "../parts/ui.js";
import {Jobs} from "./replays.js";

export function DeadLetters({session}) {
  const answer = useAnswer("/v1/dead-letters/groups", {every: 10_000});
  const endpoints = useEndpoints();
  const [group, choose] = useState(null);
  const mayWrite = session.role !== "viewer";
  return html`<div class="page">
    <${Heading} title="Dead letters" lead="Deliveries that were given up, grouped by endpoint and by what was answered last. They are kept for 30 days." />
    <${Answered} answer=${answer} lines=${5}>${({items, complete}) => html`
      ${complete === false && html`<p class="banner">Some partitions did not answer; there may be more.</p>`}
      ${items.length === 0
        ? html`<div class="panel"><${Empty} title="No dead letters.">What an endpoint does not take is tried for 24 hours before it ends here.<//></div>`
        : html`<div class="table-box" tabindex="0" role="region" aria-label="Groups of dead letters"><table class="cards">
          <thead><tr><th>Endpoint</th><th>Cause</th><th>Last answer</th><th class="right">Count</th><th>First</th><th>Last</th><th><span class="unseen">Actions</span></th></tr></thead>
          <tbody>${items.map(it => html`<tr key=${`${it.subscription_id} ${it.fingerprint}`}>
            <td class="name"><${Link} href=${`/endpoints/${encodeURIComponent(it.subscription_id)}`}>${nameOf(it.subscription_id, endpoints)}<//></td>
            <td data-label="cause">${words(it.reason)}</td>
            <td data-label="answer"><${Reply} status=${it.last_status} error=${it.last_error} /></td>
            <td data-label="count" class="right"><strong>${number(it.count)}</strong></td>
            <td data-label="first"><${Time} at=${it.first_at} /></td>
            <td data-label="last"><${Time} at=${it.last_at} /></td>
            <td class="right nowrap acts">
              ${it.sample_delivery_id && html`<${Link} class="button small" href=${`/deliveries/${encodeURIComponent(it.sample_delivery_id)}?status=dead_lettered&subscription=${encodeURIComponent(it.subscription_id)}`}>Example<//> `}
              ${mayWrite && html`<${Button} kind="small" icon="replay" onClick=${() => choose(it)}>Replay group<//>`}
            </td>
          </tr>`)}</tbody>
        </table></div>`}`}
    <//>
    <section class="stack"><h2>Replays</h2><${Jobs} mayWrite=${mayWrite} /></section>
    ${group && html`<${ReplayGroup} group=${group} name=${nameOf(group.subscription_id, endpoints)} onClose=${() => choose(null)} />`}
  </div>`;
}

/// First how much it would be, then how fast, then it begins.
function ReplayGroup({group, name, onClose}) {
  const [rate, change] = useState("20");
  const [dry, show] = useState(null);
  const [problem, tell] = useState(null);
  const [busy, work] = useState(false);
  const perSecond = Number(rate);
  const bad = !(perSecond > 0);
  const wanted = {
    source: "dead-letters",
    filter: {subscription: group.subscription_id, reasons: [group.reason], fingerprint: group.fingerprint},
    rate: perSecond,
  };
  const ask = async dryRun => {
    work(true);
    tell(null);
    try {
      const answer = await post("/v1/replays", {...wanted, dry_run: dryRun});
      if (dryRun) show(answer);
      else go(`/replays/${encodeURIComponent(answer.id)}`);
    } catch (failure) {
      tell(failure);
    } finally {
      work(false);
    }
  };
  return html`<${Dialog} title="Replay group" onClose=${onClose}>
    <div class="dialog-body">
      <p>Sends the dead letters of <strong>${name}</strong> again that ended as <strong>${words(group.reason)}</strong>${group.last_status ? html` after <${Reply} status=${group.last_status} />` : group.last_error ? ` (${words(group.last_error)})` : ""}. Each keeps its <code>webhook-id</code>.</p>
      <${Field} label="At most, a second" error=${bad ? "must be a number above 0" : undefined} hint="So that an endpoint that is just well again is not flooded.">
        ${field => html`<input ...${field} inputmode="decimal" value=${rate} onInput=${event => {
          change(event.target.value);
          show(null);
        }} />`}
      <//>
      ${dry && html`<p class="banner" role="status"><strong>${number(dry.count)}</strong> would be sent, in about <strong>${duration(dry.estimated_seconds * 1_000) || "0 s"}</strong>. Nothing has been sent yet.</p>`}
      ${problem && html`<${Trouble} problem=${problem} />`}
      <div class="form-foot">
        <${Button} onClick=${onClose}>Cancel<//>
        <${Button} busy=${busy} disabled=${bad} onClick=${() => ask(true)}>Dry run<//>
        <${Button} kind="primary" busy=${busy} disabled=${bad || !dry || dry.count === 0} onClick=${() => ask(false)}>${dry ? `Replay ${number(dry.count)}` : "Replay"}<//>
      </div>
      ${!dry && html`<p class="hint">See what a dry run says first.</p>`}
    </div>
  <//>`;
}
