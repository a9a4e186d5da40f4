// What the page asks of the API. Fails with a Problem, whose words are for people.
import {useCallback, useEffect, useRef, useState} from "./vendor/hooks.js";

export class Problem extends Error {
  constructor(status, title, detail, errors = []) {
    super(detail || title);
    this.status = status;
    this.title = title;
    this.errors = errors;
  }
}

const lost = new Set();

/// Told whenever the API does not know who we are any more.
export function onSignedOut(listener) {
  lost.add(listener);
  return () => lost.delete(listener);
}

export async function ask(method, path, body) {
  const headers = {accept: "application/json"};
  if (body !== undefined) headers["content-type"] = "application/json";
  // No form and no other site can set this one: proof that the page itself asks.
  if (method !== "GET") headers["x-fanfare-console"] = "1";
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch {
    throw new Problem(0, "No connection", "Fanfare does not answer. Is it running, and can you reach it?");
  }
  const text = await response.text();
  let json = null;
  try {
    json = text ? JSON.parse(text) : null;
  } catch {
    if (response.ok) throw new Problem(response.status, "Unreadable answer", "The answer is no JSON.");
  }
  if (response.ok) return json;
  if (response.status === 401) lost.forEach(listener => listener());
  throw new Problem(
    response.status,
    json?.title ?? `HTTP ${response.status}`,
    json?.detail ?? response.statusText,
    json?.errors ?? [],
  );
}

export const get = path => ask("GET", path);
export const post = (path, body) => ask("POST", path, body);
export const patch = (path, body) => ask("PATCH", path, body);
export const put = (path, body) => ask("PUT", path, body);
export const remove = path => ask("DELETE", path);

/// A path with those parameters that have a value.
export function withQuery(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, value);
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/// What is at a path, loaded now and again every so many milliseconds while the page is visible.
/// The last good answer stays while a later one is awaited or fails.
export function useAnswer(path, {every = 0} = {}) {
  const [state, change] = useState({path: null, value: undefined, problem: undefined});
  const turn = useRef(0);
  const load = useCallback(async () => {
    if (!path) return;
    const mine = ++turn.current;
    try {
      const value = await get(path);
      if (mine === turn.current) change({path, value, problem: undefined});
    } catch (problem) {
      if (mine === turn.current) {
        change(old => ({path, value: old.path === path ? old.value : undefined, problem}));
      }
    }
  }, [path]);
  useEffect(() => {
    load();
    if (!every) return () => turn.current++;
    const timer = setInterval(() => document.hidden || load(), every);
    return () => {
      clearInterval(timer);
      turn.current++;
    };
  }, [load, every]);
  const current = state.path === path;
  return {
    value: current ? state.value : undefined,
    problem: current ? state.problem : undefined,
    loading: !!path && (!current || (state.value === undefined && !state.problem)),
    reload: load,
  };
}

/// Every item of a list, page by page, up to a bound.
export async function all(path, most = 1000) {
  const items = [];
  let cursor = null;
  do {
    const page = await get(withQuery(path, {limit: 200, cursor}));
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && items.length < most);
  return items;
}
