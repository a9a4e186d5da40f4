// Where the time of an attempt went, each phase a bar from where it began.
import {html} from "../html.js";
import {micros} from "../format.js";

export function Timings({timings}) {
  if (!timings || timings.total === null || timings.total === undefined) return null;
  const {dns = 0, connect = 0, tls = 0, total} = timings;
  const before = (dns ?? 0) + (connect ?? 0) + (tls ?? 0);
  const first = timings.first_byte ?? total;
  const phases = [
    ["Name", dns, 0],
    ["Connect", connect, dns ?? 0],
    ["TLS", tls, (dns ?? 0) + (connect ?? 0)],
    ["Waiting", Math.max(0, first - before), before],
    ["Reading", Math.max(0, total - first), first],
  ];
  const width = part => `${Math.max(0.4, (part / Math.max(1, total)) * 100)}%`;
  return html`<dl class="timings" aria-label="Timing">
    ${phases.map(([name, took, from]) => html`<div key=${name}>
      <dt>${name}</dt>
      <dd><span class="bar"><i class=${`phase-${name.toLowerCase()}`} style=${{left: `${Math.min(99.6, (from / Math.max(1, total)) * 100)}%`, width: took ? width(took) : "0"}}></i></span>
        <b>${took ? micros(took) : before === 0 && from === 0 && name !== "Waiting" ? "reused" : "–"}</b></dd>
    </div>`)}
    <div class="total"><dt>Total</dt><dd><span class="bar"></span><b>${micros(total)}</b></dd></div>
  </dl>`;
}
