// The deliveries that one reader looks at: a page of the log, kept true by the event stream.
//
// What arrives waits in the inbox until the next frame. Rows that are shown change where they are;
// new ones go on top, or, while the reader holds the log, into `waiting`. Each of the three is
// bounded, so a page that stays open for days needs no more memory than one just opened.
import {get, withQuery} from "./api.js";

export const MOST_ROWS = 1_000;
const PAGE = 100;
const CALM = 120; // ms between two paintings
const RETRY = [1_000, 2_000, 5_000, 15_000];

export class LiveLog {
  /// @param filter parameters of `/v1/deliveries`; changed is told when there is something to paint
  constructor(filter, changed) {
    this.filter = filter;
    this.changed = changed;
    this.rows = [];
    this.waiting = [];
    this.inbox = new Map();
    this.held = false;
    this.state = "loading"; // connecting, live, offline, still
    this.problem = null;
    this.older = null;
    this.missed = 0;
    this.tries = 0;
    this.painted = 0;
    this.closed = false;
    this.scheduled = false;
  }

  open() {
    if (this.filter.until) this.state = "still"; // the past does not change
    else this.connect();
    this.load();
    return this;
  }

  close() {
    this.closed = true;
    this.source?.close();
    clearTimeout(this.timer);
  }

  async load() {
    try {
      const page = await get(withQuery("/v1/deliveries", {...this.filter, limit: PAGE}));
      if (this.closed) return;
      this.problem = null;
      this.incomplete = page.complete === false;
      this.older = page.next_cursor;
      this.rows = page.items.map(item => this.inbox.get(item.id) ?? item);
      this.waiting = [];
      this.rows.forEach(row => this.inbox.delete(row.id));
      this.loaded = true;
      this.schedule();
    } catch (problem) {
      if (this.closed) return;
      this.problem = problem;
      this.changed();
    }
  }

  async loadOlder() {
    if (!this.older) return;
    const page = await get(withQuery("/v1/deliveries", {...this.filter, limit: PAGE, cursor: this.older}));
    const known = new Set(this.rows.map(row => row.id));
    this.rows = [...this.rows, ...page.items.filter(item => !known.has(item.id))].slice(0, MOST_ROWS);
    this.older = this.rows.length < MOST_ROWS ? page.next_cursor : null;
    this.changed();
  }

  connect() {
    // Without the status: a row that is shown is to say what became of it.
    const {status, since, until, ...wanted} = this.filter;
    this.source = new EventSource(withQuery("/v1/stream", wanted));
    if (this.state !== "loading") this.state = "connecting";
    this.source.addEventListener("open", () => {
      const again = this.tries > 0 || this.state === "offline";
      this.state = "live";
      this.tries = 0;
      if (again) this.load();
      this.changed();
    });
    this.source.addEventListener("delivery", event => this.received(JSON.parse(event.data)));
    this.source.addEventListener("missed", event => {
      this.missed += JSON.parse(event.data).missed;
      this.schedule();
    });
    this.source.addEventListener("error", () => this.broken());
  }

  /// The browser tries again by itself after a broken connection, but not after a refusal.
  broken() {
    if (this.closed) return;
    this.state = "offline";
    this.changed();
    if (this.source.readyState !== EventSource.CLOSED) return;
    const delay = RETRY[Math.min(this.tries++, RETRY.length - 1)];
    this.timer = setTimeout(() => this.closed || this.connect(), delay);
  }

  received(item) {
    this.inbox.delete(item.id); // the newest comes last
    this.inbox.set(item.id, item);
    if (this.inbox.size > MOST_ROWS) this.inbox.delete(this.inbox.keys().next().value);
    this.schedule();
  }

  schedule() {
    if (this.scheduled || this.closed) return;
    this.scheduled = true;
    setTimeout(() => requestAnimationFrame(() => this.paint()), Math.max(0, CALM - (performance.now() - this.painted)));
  }

  paint() {
    this.scheduled = false;
    if (this.closed) return;
    this.painted = performance.now();
    if (this.loaded) this.settle();
    this.changed();
  }

  settle() {
    if (!this.inbox.size) return;
    const taken = this.inbox;
    this.inbox = new Map();
    const renew = row => {
      const newer = taken.get(row.id);
      if (!newer) return row;
      taken.delete(row.id);
      return newer;
    };
    this.rows = this.rows.map(renew);
    this.waiting = this.waiting.map(renew);
    const fresh = [...taken.values()].filter(item => !this.filter.status || item.status === this.filter.status).reverse();
    if (!fresh.length) return;
    if (this.held) {
      this.waiting = [...fresh, ...this.waiting].slice(0, MOST_ROWS);
    } else {
      this.add(fresh);
    }
  }

  add(fresh) {
    this.rows = [...fresh, ...this.rows];
    if (this.rows.length > MOST_ROWS) {
      this.rows.length = MOST_ROWS;
      this.older = null;
    }
  }

  hold(held) {
    if (this.held === held) return;
    this.held = held;
    if (!held && this.waiting.length) {
      const fresh = this.waiting;
      this.waiting = [];
      this.add(fresh);
    }
    this.changed();
  }
}
