// How it all does: what comes in, what goes out, what waits, and whether the sum is right.
import {html} from "../html.js";
import {useAnswer} from "../api.js";
import {Link, go, useLocation} from "../router.js";
import {compact, millis, number, percent} from "../format.js";
import {Answered, Choice, Empty, Heading, Time, Trouble} from "../parts/ui.js";
import {Chart} from "../parts/chart.js";
import {RANGES, useStatistics} from "../statistics.js";
import {tone} from "./endpoints.js";

export function Overview() {
  const {query} = useLocation();
  const range = RANGES[query.get("range")] ? query.get("range") : "1h";
  const answer = useAnswer("/v1/overview", {every: 5_000});
  return html`<div class="page">
    <${Heading} title="Overview"><${Choice} label="Range" value=${range} options=${Object.entries(RANGES).map(([key, it]) => [key, it.label])} onChange=${key => go(`/overview?range=${key}`, {replace: true})} /><//>
    <${Answered} answer=${answer} lines=${4}>${it => html`
      ${it.complete === false && html`<p class="banner">Some partitions did not answer, so these numbers are too low. They are asked again every few seconds.</p>`}
      <${Numbers} overview=${it} />`}<//>
    <${Traffic} range=${range} />
    ${answer.value?.ledger && html`<div class="columns">
      <section class="panel"><h2>Waiting for a retry</h2><${Waiting} rungs=${rungsOf(answer.value)} /></section>
      <section class="panel"><h2>Ledger</h2><${Ledger} /></section>
    </div>`}
  </div>`;
}

// Sums over all tenants (events in, ledger, waiting) are in the answer for operators only.

/// What is on the main topic, and so waits for its turn rather than for a time.
const MAIN = "deliveries";
const UNITS = {s: 1, m: 60, h: 3_600};
const secondsOf = rung => Number.parseInt(rung, 10) * (UNITS[rung.at(-1)] ?? 1);

/// The rungs of the ladder, the shortest first.
const rungsOf = overview => (overview.waiting ?? []).filter(it => it.rung !== MAIN).sort((a, b) => secondsOf(a.rung) - secondsOf(b.rung));

function Numbers({overview: it}) {
  const lately = it.last_5_minutes ?? {};
  const lag = (it.waiting ?? []).find(rung => rung.rung === MAIN)?.waiting ?? 0;
  return html`<dl class="tiles">
    ${it.events && html`<div><dt>Events in</dt><dd>${compact(it.events.last_5_minutes)}<small>${it.events.waiting ? `${compact(it.events.waiting)} not fanned out yet` : "last 5 minutes"}</small></dd></div>`}
    <div><dt>Deliveries made</dt><dd>${compact(lately.opened)}<small>last 5 minutes</small></dd></div>
    <div><dt>Delivered</dt><dd>${compact(lately.delivered)}<small>last 5 minutes</small></dd></div>
    <div><dt>Success</dt><dd class=${tone(lately.success_rate)}>${percent(lately.success_rate)}<small>of ${compact(lately.attempts)} attempts</small></dd></div>
    ${it.ledger && html`<div><dt>Waiting</dt><dd>${compact(rungsOf(it).reduce((all, rung) => all + rung.waiting, 0))}<small>for a retry</small></dd></div>`}
    <div><dt>Dead letters</dt><dd>${compact(it.ledger ? it.ledger.dead_lettered : lately.dead_lettered)}<small><${Link} href="/dead-letters">look at them<//></small></dd></div>
    ${it.ledger && html`<div><dt>Lag</dt><dd>${compact(lag)}<small>not tried yet</small></dd></div>`}
  </dl>`;
}

function Traffic({range}) {
  const {filled, from, until, problem, reload} = useStatistics(undefined, range);
  if (!filled) return problem ? html`<${Trouble} problem=${problem} retry=${reload} />` : null;
  const frame = {times: filled.times, from, until};
  return html`<div class="charts">
    <div class="panel"><${Chart} ...${frame} label="Attempts" format=${value => (Number.isInteger(value) ? compact(value) : "")}
      series=${[{label: "all", values: filled.attempts, color: "--chart-good", bars: true}, {label: "failed", values: filled.failed, color: "--bad", bars: true}]} /></div>
    <div class="panel"><${Chart} ...${frame} label="Time to the answer" format=${millis}
      series=${[{label: "p50", values: filled.p50, color: "--good"}, {label: "p95", values: filled.p95, color: "--busy"}, {label: "p99", values: filled.p99, color: "--warn"}]} /></div>
  </div>`;
}

/// Rung by rung: how many, by when they fall due, and whether any is late.
function Waiting({rungs}) {
  const most = Math.max(1, ...rungs.map(rung => rung.waiting));
  if (!rungs.some(rung => rung.waiting > 0)) return html`<${Empty} title="Nothing waits.">A delivery that fails is put on a rung of the delay ladder until it is due again.<//>`;
  return html`<table class="rungs">
    <thead><tr><th>Rung</th><th class="share"><span class="unseen">Share</span></th><th class="right">Waiting</th><th class="right">Overdue</th><th class="right">First due</th><th class="right">Last due</th></tr></thead>
    <tbody>${rungs.map(rung => html`<tr key=${rung.rung}>
      <td class="mono">${rung.rung}</td>
      <td class="share"><span class="bar"><i style=${{width: `${(rung.waiting / most) * 100}%`}}></i></span></td>
      <td class="right">${number(rung.waiting)}</td>
      <td class="right ${rung.overdue ? "tone-bad" : ""}">${number(rung.overdue ?? 0)}</td>
      <td class="right"><${Time} at=${rung.first_due_at} /></td>
      <td class="right"><${Time} at=${rung.last_due_at} /></td>
    </tr>`)}</tbody>
  </table>`;
}

/// The sum that says that nothing is lost.
function Ledger() {
  const answer = useAnswer("/v1/ledger", {every: 10_000});
  return html`<${Answered} answer=${answer}>${it => {
    const right = it.unaccounted === 0;
    const rows = [["Opened", it.opened, ""], ["delivered", it.delivered, "−"], ["dead-lettered", it.dead_lettered, "−"], ["cancelled", it.cancelled, "−"], ["waiting", it.waiting, "−"]];
    return html`<table class="ledger"><tbody>
        ${rows.map(([name, value, sign]) => html`<tr key=${name}><td>${sign}</td><th scope="row">${name}</th><td class="right">${number(value)}</td></tr>`)}
        <tr class="sum ${right ? "good" : "bad"}"><td>=</td><th scope="row">unaccounted</th><td class="right">${number(it.unaccounted)}</td></tr>
      </tbody></table>
      <p class="hint">${it.complete === false ? "Some partitions did not answer; the sum is of the others." : right ? "Every delivery that was opened is delivered, dead-lettered, cancelled or waiting." : html`Some deliveries are in no state that is known. ${"See "}<a href="/v1/ledger/unaccounted" target="_blank" rel="noopener">which</a>.`}</p>`;
  }}<//>`;
}
