// Replay jobs: how far they are, and the switches.
import {html} from "../html.js";
import {useState} from "../vendor/hooks.js";
import {post, useAnswer} from "../api.js";
import {Link} from "../router.js";
import {nameOf, useEndpoints} from "../endpoints.js";
import {duration, number, pretty, words} from "../format.js";
import {Answered, Button, Code, Empty, Heading, Status, Time, Trouble} from "../parts/ui.js";

const OVER = new Set(["finished", "cancelled", "failed"]);

export function Jobs({mayWrite}) {
  const answer = useAnswer("/v1/replays?limit=20", {every: 3_000});
  return html`<${Answered} answer=${answer} lines=${2}>${({items}) => items.length === 0
    ? html`<div class="panel"><${Empty} title="No replay yet." /></div>`
    : html`<ul class="jobs">${items.map(job => html`<li class="panel" key=${job.id}><${Job} job=${job} mayWrite=${mayWrite} reload=${answer.reload} /></li>`)}</ul>`}<//>`;
}

export function Replays({session}) {
  return html`<div class="page"><${Heading} title="Replays" lead="Jobs that send again what was sent before." /><${Jobs} mayWrite=${session.role !== "viewer"} /></div>`;
}

export function ReplayJob({id, session}) {
  const [over, end] = useState(false);
  const answer = useAnswer(`/v1/replays/${encodeURIComponent(id)}`, {every: over ? 0 : 1_000});
  const job = answer.value;
  if (job && OVER.has(job.state) !== over) end(OVER.has(job.state));
  return html`<div class="page">
    <p><${Link} href="/dead-letters">Dead letters<//></p>
    <${Heading} title="Replay" lead=${html`<span class="mono">${id}</span>`} />
    <${Answered} answer=${answer}>${it => html`
      <div class="panel"><${Job} job=${it} mayWrite=${session.role !== "viewer"} reload=${answer.reload} /></div>
      <section class="stack"><h2>What it selects</h2><${Code} text=${pretty({source: it.source, filter: it.filter})} label="Filter" /></section>`}
    <//>
  </div>`;
}

function Job({job, mayWrite, reload}) {
  const endpoints = useEndpoints();
  const [problem, tell] = useState(null);
  const turn = async word => {
    tell(null);
    try {
      await post(`/v1/replays/${encodeURIComponent(job.id)}/${word}`);
      reload();
    } catch (failure) {
      tell(failure);
    }
  };
  const part = job.total ? Math.min(1, (job.released + (job.skipped ?? 0)) / job.total) : job.state === "finished" ? 1 : 0;
  const rest = job.rate && job.total ? ((job.total - job.released) / job.rate) * 1_000 : null;
  const subscription = job.filter?.subscription ?? job.filter?.subscription_id;
  return html`<div class="job">
    <div class="section-head">
      <p><${Status} state=${job.state} />${job.requested ? html`<span class="faint"> (${words(job.requested)} is asked for)</span>` : null} <${Link} class="mono" href=${`/replays/${encodeURIComponent(job.id)}`}>${job.id}<//> <span class="faint">${words(job.source)}${subscription ? ` of ${nameOf(subscription, endpoints)}` : ""}, made <${Time} at=${job.created_at} /></span></p>
      ${mayWrite && !OVER.has(job.state) && html`<div class="actions">
        ${job.state === "paused" ? html`<${Button} kind="small" icon="play" onClick=${() => turn("resume")}>Resume<//>` : html`<${Button} kind="small" icon="pause" onClick=${() => turn("pause")}>Pause<//>`}
        <${Button} kind="small danger" onClick=${() => turn("cancel")}>Cancel<//>
      </div>`}
    </div>
    <div class="progress" role="progressbar" aria-label="Progress" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.floor(part * 100)}><i style=${{width: `${part * 100}%`}}></i></div>
    <p class="hint">${number(job.released)} of ${number(job.total)} released${job.skipped ? `, ${number(job.skipped)} left out` : ""}${job.rate ? `, at most ${number(job.rate)} /s` : ""}${!OVER.has(job.state) && rest ? `, about ${duration(rest)} to go` : ""}</p>
    ${job.error && html`<${Trouble} problem=${{title: "It failed.", message: job.error}} />`}
    ${problem && html`<${Trouble} problem=${problem} />`}
  </div>`;
}
