// The attempts of a delivery on a time axis, with the next one. Waits grow from seconds to hours,
// so the axis is logarithmic: each tick is about an order further from the start.
import {html} from "../html.js";
import {duration, exact} from "../format.js";
import {kind} from "./ui.js";

const TICKS = [1_000, 10_000, 60_000, 600_000, 3_600_000, 21_600_000, 86_400_000, 604_800_000];

export function Timeline({delivery, attempts, chosen, keyOf, onChoose}) {
  const start = Date.parse(delivery.created_at);
  const next = !["delivered", "dead_lettered", "cancelled"].includes(delivery.status) && delivery.due_at ? Date.parse(delivery.due_at) : null;
  const last = Math.max(next ?? 0, ...attempts.map(it => Date.parse(it.started_at)), start + 1_000);
  const scale = Math.log1p((last - start) / 250) * 1.04;
  const at = time => `${Math.min(100, Math.max(0, (Math.log1p(Math.max(0, time - start) / 250) / scale) * 100)).toFixed(2)}%`;
  const since = time => duration(Math.max(0, time - start));
  return html`<div class="timeline">
    <div class="axis">
      ${TICKS.filter(tick => tick <= last - start).map(tick => html`<span class="tick" key=${tick} style=${{left: at(start + tick)}}><i></i>${duration(tick)}</span>`)}
    </div>
    <div class="marks">
      <span class="mark origin" style=${{left: at(start)}} title="Made ${exact(start)}"></span>
      ${attempts.map(it => {
        const time = Date.parse(it.started_at);
        const says = `Attempt ${it.attempt}, ${since(time)} after the start: ${it.status ?? it.error ?? it.outcome}`;
        return html`<button type="button" key=${keyOf(it)} class="mark ${kind(it.outcome === "retry" ? "failed" : it.outcome)}" style=${{left: at(time)}}
          aria-pressed=${it === chosen} aria-label=${says} title="${says} · ${exact(time)}" onClick=${() => onChoose(it)}></button>`;
      })}
      ${next && html`<span class="mark next" style=${{left: at(next)}} title="Next attempt ${exact(next)}"><em>next</em></span>`}
    </div>
  </div>`;
}
