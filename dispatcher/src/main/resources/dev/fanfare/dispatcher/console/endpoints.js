// The subscriptions by id, so that a row can say where it goes. Loaded once, and again when an id
// turns up that is not among them, though not too often.
import {all} from "./api.js";
import {host} from "./format.js";
import {useEffect, useState} from "./vendor/hooks.js";

const AT_MOST_EVERY = 10_000;
const MOST = 2_000;

let byId = new Map();
let loadedAt = -Infinity;
let loading = null;
const listeners = new Set();

export function refresh() {
  loading ??= all("/v1/subscriptions", MOST)
    .then(items => {
      byId = new Map(items.map(item => [item.id, item]));
      listeners.forEach(listener => listener(n => n + 1));
    })
    .catch(() => {}) // names are a nicety: without them the id is shown
    .finally(() => {
      loadedAt = performance.now();
      loading = null;
    });
  return loading;
}

export function forget() {
  byId = new Map();
  loadedAt = -Infinity;
}

/// Every known subscription by its id.
export function useEndpoints() {
  const [, tell] = useState(0);
  useEffect(() => {
    listeners.add(tell);
    if (performance.now() - loadedAt > AT_MOST_EVERY) refresh();
    return () => listeners.delete(tell);
  }, []);
  return byId;
}

export function missing(id) {
  if (!byId.has(id) && !loading && performance.now() - loadedAt > AT_MOST_EVERY) refresh();
}

/// What people call it: its description, else where it goes.
export function nameOf(id, endpoints = byId) {
  const endpoint = endpoints.get(id);
  return endpoint ? endpoint.description || host(endpoint.url) : id;
}
