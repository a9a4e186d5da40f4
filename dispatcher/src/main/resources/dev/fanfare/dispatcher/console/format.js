// Times, durations, numbers and sizes, as people read them.

const NUMBER = new Intl.NumberFormat("en");
const COMPACT = new Intl.NumberFormat("en", {notation: "compact", maximumFractionDigits: 1});
const EXACT = new Intl.DateTimeFormat("en-GB", {
  year: "numeric", month: "short", day: "2-digit",
  hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3,
  timeZoneName: "short",
});
const CLOCK = new Intl.DateTimeFormat("en-GB", {hour: "2-digit", minute: "2-digit", second: "2-digit"});
const DAY_AND_CLOCK = new Intl.DateTimeFormat("en-GB", {day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit"});

const known = value => value !== undefined && value !== null && !Number.isNaN(value);

export const number = value => (known(value) ? NUMBER.format(value) : "–");
export const compact = value => (known(value) ? (Math.abs(value) < 10_000 ? NUMBER.format(value) : COMPACT.format(value)) : "–");

/// A part of one; never rounded up to 100 % nor down to 0 %.
export function percent(part) {
  if (!known(part)) return "–";
  if (part === 1) return "100 %";
  if (part === 0) return "0 %";
  const text = (part * 100).toFixed(part > 0.99 ? 2 : 1);
  return `${part > 0.9999 ? ">99.99" : part < 0.001 ? "<0.1" : text} %`;
}

export function micros(value) {
  if (!known(value)) return "–";
  if (value < 1_000) return `${Math.round(value)} µs`;
  return millis(value / 1_000);
}

export function millis(value) {
  if (!known(value)) return "–";
  if (value < 10) return `${Number(value.toFixed(1))} ms`;
  if (value < 1_000) return `${Math.round(value)} ms`;
  return duration(value);
}

/// Milliseconds as the two largest units that say something: 1.5 s, 4 m 10 s, 2 h, 3 d 4 h.
export function duration(value) {
  if (!known(value)) return "–";
  const s = Math.abs(value) / 1_000;
  if (s < 1) return `${Math.round(s * 1_000)} ms`;
  if (s < 10) return `${s.toFixed(1).replace(/\.0$/, "")} s`;
  const units = [["d", 86_400], ["h", 3_600], ["m", 60], ["s", 1]];
  let rest = Math.round(s);
  const words = [];
  for (const [unit, size] of units) {
    if (words.length === 2) break;
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0) words.push(`${n} ${unit}`);
    else if (words.length) break;
  }
  return words.join(" ");
}

/// "12 s ago", "in 4 m".
export function relative(time, now = Date.now()) {
  const millisAway = new Date(time).getTime() - now;
  if (Number.isNaN(millisAway)) return "–";
  const s = Math.abs(millisAway) / 1_000;
  if (s < 1) return "now";
  const [n, unit] = s < 60 ? [s, "s"] : s < 3_600 ? [s / 60, "m"] : s < 86_400 ? [s / 3_600, "h"] : [s / 86_400, "d"];
  const text = `${Math.floor(n)} ${unit}`;
  return millisAway > 0 ? `in ${text}` : `${text} ago`;
}

export const exact = time => EXACT.format(new Date(time));
export const clock = time => CLOCK.format(new Date(time));
export const dayAndClock = time => DAY_AND_CLOCK.format(new Date(time));

export function bytes(value) {
  if (!known(value)) return "–";
  return value < 1_024 ? `${value} B` : `${(value / 1_024).toFixed(1)} KiB`;
}

/// JSON laid out, or the text as it is; never more than can be read.
export function pretty(text, most = 65_536) {
  if (typeof text !== "string") return JSON.stringify(text, null, 2) ?? "";
  const cut = text.length > most ? `${text.slice(0, most)}\n… ${number(text.length - most)} more characters` : text;
  if (!/^\s*[[{]/.test(text) || text.length > most) return cut;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return cut;
  }
}

/// A text for a POSIX shell.
export const quoted = text => `'${String(text).replaceAll("'", `'\\''`)}'`;

export function host(url) {
  try {
    const {host, pathname} = new URL(url);
    return host + (pathname === "/" ? "" : pathname);
  } catch {
    return url;
  }
}

/// Words of the API for people: "blocked_address" is "blocked address".
export const words = text => String(text ?? "").replace("dead_lettered", "dead-lettered").replaceAll("_", " ");
