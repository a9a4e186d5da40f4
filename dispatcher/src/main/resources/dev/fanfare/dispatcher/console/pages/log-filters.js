// The live log's filters. They live in the URL; a time such as "15m" is reckoned from now.
import {html} from "../html.js";
import {useAnswer} from "../api.js";
import {useEffect, useRef, useState} from "../vendor/hooks.js";
import {go} from "../router.js";
import {Choice, Select} from "../parts/ui.js";
import {Icon} from "../parts/icons.js";
import {host} from "../format.js";

const NAMES = ["status", "type", "subscription", "recipient", "event_id", "since", "until"];
const STATUSES = [["", "All"], ["delivered", "Delivered"], ["retrying", "Retrying"], ["pending", "Pending"], ["dead_lettered", "Dead"], ["cancelled", "Cancelled"]];
const TIMES = [["", "Any time"], ["15m", "Last 15 minutes"], ["1h", "Last hour"], ["6h", "Last 6 hours"], ["24h", "Last 24 hours"], ["7d", "Last 7 days"]];
const UNITS = {m: 60_000, h: 3_600_000, d: 86_400_000};

export function filterOf(query) {
  const filter = {};
  for (const name of NAMES) {
    const value = query.get(name);
    if (value) filter[name] = value;
  }
  return filter;
}

export const isFiltered = filter => Object.keys(filter).length > 0;

/// What the API is asked.
export function toParameters(filter) {
  const ago = /^(\d+)([mhd])$/.exec(filter.since ?? "");
  return ago ? {...filter, since: new Date(Date.now() - ago[1] * UNITS[ago[2]]).toISOString()} : filter;
}

function set(name, value) {
  const query = new URLSearchParams(location.search);
  if (value) query.set(name, value);
  else query.delete(name);
  const text = query.toString();
  go(`${location.pathname}${text ? `?${text}` : ""}`, {replace: true});
}

export function Filters({filter, endpoints}) {
  const types = useAnswer("/v1/event-types").value?.items ?? [];
  const [shown, show] = useState(false);
  const active = Object.keys(filter).filter(name => name !== "status").length;
  const known = [...endpoints.values()];
  const custom = filter.since && !TIMES.some(([key]) => key === filter.since);
  return html`<div class="filters">
    <${Choice} label="Status" value=${filter.status ?? ""} options=${STATUSES} onChange=${value => set("status", value)} />
    <button type="button" class="button small filters-toggle" aria-expanded=${shown} aria-controls="more-filters" onClick=${() => show(!shown)}><${Icon} name="search" />Filter${active ? ` (${active})` : ""}</button>
    <div class="filters-more ${shown ? "shown" : ""}" id="more-filters">
      <${Text} name="recipient" label="Recipient" value=${filter.recipient} icon="search" />
      <${Text} name="event_id" label="Event id" value=${filter.event_id} />
      <${Select} aria-label="Event type" value=${filter.type ?? ""} options=${[["", "All types"], ...types.map(it => [it.type, it.type])]} onChange=${value => set("type", value)} />
      <${Select} aria-label="Endpoint" value=${filter.subscription ?? ""}
        options=${[["", "All endpoints"], ...(filter.subscription && !endpoints.has(filter.subscription) ? [[filter.subscription, filter.subscription]] : []), ...known.map(it => [it.id, it.description || host(it.url)])]}
        onChange=${value => set("subscription", value)} />
      <${Select} aria-label="Time" value=${filter.since ?? ""} options=${custom ? [...TIMES, [filter.since, `Since ${filter.since}`]] : TIMES} onChange=${value => set("since", value)} />
      ${filter.until && html`<button type="button" class="chip" onClick=${() => set("until", "")}>until ${filter.until}<${Icon} name="close" /></button>`}
      ${isFiltered(filter) && html`<button type="button" class="button small quiet" onClick=${() => go(location.pathname, {replace: true})}>Clear</button>`}
    </div>
  </div>`;
}

/// Takes effect a moment after the last key.
function Text({name, label, value = "", icon}) {
  const [text, type] = useState(value);
  const timer = useRef();
  useEffect(() => type(value), [value]);
  const change = event => {
    const next = event.target.value;
    type(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => set(name, next.trim()), 300);
  };
  return html`<span class="search">${icon && html`<${Icon} name=${icon} />`}<input id="filter-${name}" type="search" aria-label=${label} placeholder=${label} value=${text} onInput=${change} spellcheck="false" autocomplete="off" /></span>`;
}
