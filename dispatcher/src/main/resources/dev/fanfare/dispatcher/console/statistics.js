// Minute statistics over a range: fetched in steps that fit a chart, summed for a headline.
import {useAnswer, withQuery} from "./api.js";
import {useMemo, useState, useEffect} from "./vendor/hooks.js";

export const RANGES = {
  "1h": {label: "1 h", seconds: 3_600, step: 60, word: "1m"},
  "24h": {label: "24 h", seconds: 86_400, step: 900, word: "15m"},
  "7d": {label: "7 d", seconds: 604_800, step: 7_200, word: "2h"},
};

const EVERY = 30_000;

/// @param subscription one, or undefined for all
export function useStatistics(subscription, range) {
  const {seconds, step, word} = RANGES[range];
  const [now, tick] = useState(Date.now());
  useEffect(() => {
    tick(Date.now());
    const timer = setInterval(() => document.hidden || tick(Date.now()), EVERY);
    return () => clearInterval(timer);
  }, [range]);
  const until = Math.ceil(now / 1_000 / step) * step;
  const from = until - seconds;
  const answer = useAnswer(withQuery("/v1/statistics", {
    subscription,
    since: new Date(from * 1_000).toISOString(),
    until: new Date(until * 1_000).toISOString(),
    step: word,
  }));
  // While the next window loads, the last one stays on the page.
  const [last, keep] = useState(null);
  useEffect(() => {
    if (answer.value) keep({value: answer.value, key: `${subscription} ${range}`});
  }, [answer.value]);
  const value = answer.value ?? (last?.key === `${subscription} ${range}` ? last.value : undefined);
  const filled = useMemo(() => value && fill(value.items, from, until, step), [value, from, until, step]);
  return {...answer, value, filled, from, until, sum: useMemo(() => value && sum(value.items), [value])};
}

/// One entry a step, also where nothing happened.
function fill(items, from, until, step) {
  const byTime = new Map(items.map(item => [Math.floor(Date.parse(item.at) / 1_000 / step) * step, item]));
  const times = [];
  const columns = {delivered: [], failed: [], attempts: [], p50: [], p95: [], p99: [], success: []};
  for (let at = from; at < until; at += step) {
    const item = byTime.get(at);
    times.push(at);
    columns.attempts.push(item?.attempts ?? 0);
    columns.delivered.push(item?.delivered ?? 0);
    columns.failed.push(item?.failed ?? 0);
    for (const part of ["p50", "p95", "p99"]) columns[part].push(item?.attempts ? item.latency_ms?.[part] ?? null : null);
    columns.success.push(item?.attempts ? item.delivered / item.attempts : null);
  }
  return {times, ...columns};
}

/// Percentiles can't be added; the steps' own, weighted by their attempts, come close enough to compare.
export function sum(items) {
  const total = name => items.reduce((all, item) => all + (item[name] ?? 0), 0);
  const attempts = total("attempts");
  const busy = items.filter(item => item.attempts > 0);
  const weighted = part => (busy.length ? busy.reduce((all, item) => all + (item.latency_ms?.[part] ?? 0) * item.attempts, 0) / attempts : null);
  return {
    attempts,
    delivered: total("delivered"),
    failed: total("failed"),
    deadLettered: total("dead_lettered"),
    deferred: total("deferred"),
    success: attempts ? total("delivered") / attempts : null,
    p50: weighted("p50"),
    p95: weighted("p95"),
  };
}

/// Fewer, wider bars: a sparkline of so many.
export function rebin(values, bins) {
  if (!values || values.length <= bins) return values ?? [];
  const size = Math.ceil(values.length / bins);
  const binned = [];
  for (let i = 0; i < values.length; i += size) {
    binned.push(values.slice(i, i + size).reduce((all, value) => all + (value ?? 0), 0));
  }
  return binned;
}
