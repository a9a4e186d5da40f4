// The live log, and beside it the delivery that is open.
import {html} from "../html.js";
import {Component} from "../vendor/preact.js";
import {useEffect, useMemo, useRef, useState} from "../vendor/hooks.js";
import {compact, number} from "../format.js";
import {LiveLog, MOST_ROWS} from "../live-log.js";
import {missing, nameOf, useEndpoints} from "../endpoints.js";
import {Link, go, useLocation} from "../router.js";
import {useKeys} from "../keys.js";
import {Button, Empty, Loading, Reply, Status, Time, Trouble} from "../parts/ui.js";
import {Icon} from "../parts/icons.js";
import {Filters, filterOf, isFiltered, toParameters} from "./log-filters.js";
import {Delivery} from "./delivery.js";

export function Log({id: open}) {
  const {query} = useLocation();
  const filter = filterOf(query);
  const words = JSON.stringify(filter);
  const endpoints = useEndpoints();
  const [, paint] = useState(0);
  const list = useRef();
  const [paused, pause] = useState(false);
  const reading = useRef({over: false, away: false, focus: false, paused: false});

  const log = useMemo(() => new LiveLog(toParameters(filter), () => paint(n => n + 1)), [words]);
  useEffect(() => {
    log.open();
    return () => log.close();
  }, [log]);
  useEffect(() => {
    document.title = open ? "Delivery · Fanfare" : "Live log · Fanfare";
  }, [open]);

  /// The log runs on only while nobody reads in it: not under the pointer, not scrolled away.
  const read = change => {
    Object.assign(reading.current, change);
    const {over, away, focus} = reading.current;
    log.hold(over || away || focus || reading.current.paused);
  };
  useEffect(() => read({paused}), [paused, log]);
  const release = () => {
    pause(false);
    list.current?.scrollTo({top: 0});
    read({over: false, away: false, focus: false, paused: false});
  };

  const address = id => `${id ? `/deliveries/${encodeURIComponent(id)}` : "/"}${location.search}`;
  const step = by => {
    const links = [...list.current.querySelectorAll("a.row")];
    if (!links.length) return;
    const at = links.findIndex(link => link === document.activeElement || (document.activeElement === document.body && link.dataset.id === open));
    const next = links[Math.max(0, Math.min(links.length - 1, at < 0 ? 0 : at + by))];
    next.focus();
    next.scrollIntoView({block: "nearest"});
    if (open) go(address(next.dataset.id), {replace: true});
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    "/": () => document.getElementById("filter-recipient")?.focus(),
    Escape: () => open ? go(address(null)) : document.activeElement?.blur(),
    " ": () => pause(!paused),
  });

  const current = log.rows.find(row => row.id === open);
  return html`<div class="log ${open ? "with-detail" : ""}">
    <h1 class="unseen">Live log</h1>
    <section class="log-list" aria-label="Deliveries">
      <header class="log-head">
        <p class="title" aria-hidden="true">Live log</p>
        <${Connection} log=${log} />
        <${Button} kind="small" icon=${paused ? "play" : "pause"} onClick=${() => paused ? release() : pause(true)} aria-pressed=${paused}>${paused ? "Resume" : "Pause"}<//>
      </header>
      <${Filters} filter=${filter} endpoints=${endpoints} />
      ${log.incomplete && html`<p class="notice" role="status">Some partitions did not answer, so deliveries may be missing here. They are asked again when you reload.</p>`}
      ${log.missed > 0 && html`<p class="notice" role="status">${number(log.missed)} updates came faster than they could be sent. <button type="button" class="link" onClick=${() => {
        log.missed = 0;
        log.load();
      }}>Load the latest</button></p>`}
      <div class="rows-head" aria-hidden="true"><span>Status</span><span>Event</span><span>Recipient</span><span>Endpoint</span><span class="right">Answer</span><span class="right">Tries</span><span class="right">When</span></div>
      <div class="rows-box" ref=${list}
        onScroll=${event => read({away: event.currentTarget.scrollTop > 4})}
        onPointerEnter=${event => event.pointerType === "mouse" && read({over: true})}
        onPointerLeave=${() => read({over: false})}
        onFocusIn=${() => read({focus: true})} onFocusOut=${() => read({focus: false})}>
        ${log.waiting.length > 0 && html`<button type="button" class="fresh" onClick=${release}><${Icon} name="up" />${number(log.waiting.length)}${log.waiting.length >= MOST_ROWS ? "+" : ""} new</button>`}
        <${Rows} log=${log} open=${open} endpoints=${endpoints} filtered=${isFiltered(filter)} address=${address} />
      </div>
    </section>
    ${open && html`<${Delivery} key=${open} id=${open} seen=${current?.updated_at} endpoints=${endpoints} onClose=${() => go(address(null))} />`}
  </div>`;
}

/// What the connection is like, in words.
const SAYS = {
  loading: "Connecting",
  connecting: "Connecting",
  live: "Live",
  offline: "Connection lost, trying again",
  still: "A time in the past: not live",
};

function Connection({log}) {
  const held = log.state === "live" && log.held;
  return html`<p class="connection ${held ? "held" : log.state}" role="status"><i></i>${held ? "Held while you read" : SAYS[log.state]}
    <span class="faint wide-only"> · ${compact(log.rows.length)} shown</span></p>`;
}

function Rows({log, open, endpoints, filtered, address}) {
  if (log.problem && !log.rows.length) return html`<${Trouble} problem=${log.problem} retry=${() => log.load()} />`;
  if (!log.loaded) return html`<${Loading} lines=${12} />`;
  if (!log.rows.length) {
    return filtered
      ? html`<${Empty} title="No delivery matches.">Widen the filter, or <${Link} href="/">look at all of them<//>. New ones that match appear here by themselves.<//>`
      : html`<${Empty} title="No deliveries yet.">Make an <${Link} href="/endpoints">endpoint<//> and send it a test event: it appears here within a second.<//>`;
  }
  return html`<ol class="rows" aria-label="Deliveries, newest first">
      ${log.rows.map(row => html`<${Row} key=${row.id} row=${row} open=${row.id === open} name=${nameOf(row.subscription_id, endpoints)} address=${address} />`)}
    </ol>
    ${log.older && html`<div class="more"><${Button} onClick=${() => log.loadOlder()}>Show older<//></div>`}
    ${log.rows.length >= MOST_ROWS && html`<p class="more hint">${number(MOST_ROWS)} are kept here. Narrow the filter or the time to see others.</p>`}`;
}

/// Painted again only when its own delivery changes.
class Row extends Component {
  shouldComponentUpdate({row, open, name}) {
    return row !== this.props.row || open !== this.props.open || name !== this.props.name;
  }

  render({row, open, name, address}) {
    missing(row.subscription_id);
    return html`<li>
      <${Link} class="row" href=${address(row.id)} data-id=${row.id} aria-current=${open ? "true" : undefined}>
        <span class="c-status"><${Status} state=${row.status} /></span>
        <span class="c-type mono">${row.type}</span>
        <span class="c-recipient">${row.recipient}</span>
        <span class="c-endpoint">${name}</span>
        <span class="c-reply right"><${Reply} status=${row.last_status} error=${row.last_error} /></span>
        <span class="c-tries right"><span class="phone-only">tries </span>${row.attempts}</span>
        <span class="c-when right"><${Time} at=${row.updated_at ?? row.created_at} /></span>
      <//>
    </li>`;
  }
}
