// Charts over time by uPlot, and sparklines. Colours are read from the page's own, so that light and
// dark fit; each chart says in words what it shows, for who can't see it.
import {html} from "../html.js";
import {useEffect, useRef, useState} from "../vendor/hooks.js";
import uPlot from "../vendor/uplot.js";
import {clock, dayAndClock} from "../format.js";

// A variable with light-dark() in it is resolved only as the colour of an element.
function resolved(variable) {
  const probe = document.createElement("i");
  probe.style.color = `var(${variable})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/// @param series [{label, values, color: "--good", fill, bars}], one value for each of `times` (s)
/// @param format writes a value
export function Chart({times, series, format, label, height = 170, from, until}) {
  const box = useRef();
  const [look, repaint] = useState(0);
  useEffect(() => {
    const again = () => repaint(n => n + 1);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", again);
    addEventListener("theme", again);
    return () => {
      scheme.removeEventListener("change", again);
      removeEventListener("theme", again);
    };
  }, []);
  const shape = series.map(it => `${it.label}${it.color}`).join();
  const plot = useRef();
  const data = [times, ...series.map(it => it.values)];
  useEffect(() => {
    const made = new uPlot(options(box.current, {series, format, height, from, until}), data, box.current);
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize({width: box.current.clientWidth, height}));
    watcher.observe(box.current);
    return () => {
      watcher.disconnect();
      made.destroy();
    };
  }, [shape, look, from, until, height]);
  useEffect(() => plot.current?.setData(data, true), [times, ...series.map(it => it.values)]);
  return html`<figure class="chart">
    <figcaption><span>${label}</span><span class="legend">${series.map(it => html`<span key=${it.label}><i style=${{background: `var(${it.color})`}}></i>${it.label}</span>`)}</span></figcaption>
    <div ref=${box} role="img" aria-label=${spoken(label, times, series, format)}></div>
  </figure>`;
}

function spoken(label, times, series, format) {
  if (!times.length) return `${label}: no values`;
  const said = series.map(it => {
    const values = it.values.filter(value => value !== null && value !== undefined);
    return values.length ? `${it.label} last ${format(values.at(-1))}, highest ${format(Math.max(...values))}` : `${it.label} none`;
  });
  return `${label}: ${said.join("; ")}`;
}

function options(box, {series, format, height, from, until}) {
  const muted = resolved("--muted");
  const line = resolved("--line");
  const axis = {stroke: muted, font: "11px system-ui, sans-serif", ticks: {stroke: line, size: 4, width: 1}, grid: {stroke: line, width: 1}};
  const wide = until - from > 100_000;
  return {
    width: box.clientWidth || 400,
    height,
    padding: [8, 8, 0, 0],
    legend: {show: false},
    cursor: {y: false, points: {size: 6}},
    scales: {x: {time: true, range: () => [from, until]}, y: {range: (_, low, high) => [0, Math.max(high ?? 0, 1) * 1.1]}},
    axes: [
      {...axis, size: 28, space: 70, values: (_, ticks) => ticks.map(tick => (wide ? dayAndClock(tick * 1_000) : clock(tick * 1_000).slice(0, 5)))},
      {...axis, size: 56, space: 34, values: (_, ticks) => ticks.map(tick => format(tick))},
    ],
    series: [
      {},
      ...series.map(it => {
        const stroke = resolved(it.color);
        return {
          label: it.label,
          stroke,
          width: it.bars ? 0 : 1.5,
          fill: it.bars ? stroke : it.fill ? faded(stroke) : undefined,
          paths: it.bars ? uPlot.paths.bars({size: [0.8, 40, 1], align: 1}) : undefined,
          points: {show: false},
          spanGaps: false,
        };
      }),
    ],
    plugins: [tooltip(series, format)],
  };
}

const faded = stroke => stroke.replace(/^rgb\((.*)\)$/, "rgba($1, .12)");

/// What the values are under the pointer; all of it text.
function tooltip(series, format) {
  const node = document.createElement("div");
  node.className = "chart-tip";
  return {
    hooks: {
      init: plot => plot.over.append(node),
      setCursor: plot => {
        const {idx, left} = plot.cursor;
        const shown = idx !== null && idx !== undefined && left >= 0;
        node.style.display = shown ? "block" : "none";
        if (!shown) return;
        const lines = series.map((it, i) => `${it.label} ${format(plot.data[i + 1][idx])}`);
        node.textContent = [dayAndClock(plot.data[0][idx] * 1_000), ...lines].join("\n");
        const right = left > plot.over.clientWidth / 2;
        node.style.left = right ? "auto" : `${left + 12}px`;
        node.style.right = right ? `${plot.over.clientWidth - left + 12}px` : "auto";
      },
    },
  };
}

/// A line the size of a word. Without values a flat one.
export function Sparkline({values, tone = "", label, bad}) {
  const width = 120;
  const height = 26;
  if (!values?.length) return html`<span class="sparkline faint">–</span>`;
  const top = Math.max(1, ...values);
  const step = width / Math.max(1, values.length);
  const bar = (value, i) => ({x: (i * step).toFixed(2), h: Math.max(value > 0 ? 1.5 : 0, (value / top) * (height - 2))});
  return html`<svg class="sparkline ${tone}" viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="img" aria-label=${label} preserveAspectRatio="none">
    <path class="ground" d=${`M0 ${height - 0.5}H${width}`} />
    <path d=${values.map((value, i) => {
      const {x, h} = bar(value, i);
      return h ? `M${x} ${height - h}h${(step * 0.8).toFixed(2)}v${h.toFixed(2)}h-${(step * 0.8).toFixed(2)}z` : "";
    }).join("")} />
    ${bad && html`<path class="bad" d=${bad.map((value, i) => {
      const {x, h} = bar(value, i);
      return h ? `M${x} ${height - h}h${(step * 0.8).toFixed(2)}v${h.toFixed(2)}h-${(step * 0.8).toFixed(2)}z` : "";
    }).join("")} />`}
  </svg>`;
}
