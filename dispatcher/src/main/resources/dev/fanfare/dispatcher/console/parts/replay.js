// Replay of one delivery in one click; what became of it is shown in its place.
import {html} from "../html.js";
import {useEffect, useState} from "../vendor/hooks.js";
import {Problem, get, post, withQuery} from "../api.js";
import {Link} from "../router.js";
import {useKeys} from "../keys.js";
import {Button, Reply, Status, Trouble, announce} from "./ui.js";

const TERMINAL = new Set(["delivered", "dead_lettered", "cancelled"]);
const ASK_EVERY = 700;

export function Replay({delivery, onDone}) {
  const [busy, work] = useState(false);
  const [job, follow] = useState(null); // the id of the job that makes the replay
  const [result, show] = useState(null);
  const [problem, tell] = useState(null);

  useEffect(() => {
    if (!job) return undefined;
    let over = false;
    let timer;
    const look = async () => {
      try {
        const now = await made(delivery, job);
        if (over) return;
        if (now) show(now);
        if (now && TERMINAL.has(now.status)) {
          announce(`The replay was ${now.status}`);
          onDone?.();
          return;
        }
      } catch (failure) {
        if (over) return;
        tell(failure);
        return;
      }
      timer = setTimeout(look, ASK_EVERY);
    };
    look();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [job]);

  const replay = async () => {
    work(true);
    tell(null);
    show(null);
    try {
      const answer = await post(`/v1/deliveries/${encodeURIComponent(delivery.id)}/replay`);
      follow(answer.id);
    } catch (failure) {
      tell(failure);
    } finally {
      work(false);
    }
  };
  useKeys({r: () => busy || replay()});

  return html`<${Button} kind="primary" icon="replay" busy=${busy} onClick=${replay} title="Send it again (r)">Replay<//>
    ${(job || problem) && html`<div class="replay-result" role="status">
      ${problem && html`<${Trouble} problem=${problem} />`}
      ${job && !problem && html`<span>Replay: <${Status} state=${result?.status ?? "pending"} /> <${Reply} status=${result?.last_status} error=${result?.last_error} /></span>
        ${result && html`<${Link} href=${`/deliveries/${encodeURIComponent(result.id)}`}>Open it<//>`}`}
    </div>`}`;
}

/// The delivery that the job has made of this one; undefined while the log does not know it yet.
async function made(delivery, job) {
  const page = await get(withQuery("/v1/deliveries", {event_id: delivery.event_id, subscription: delivery.subscription_id, limit: 200}));
  const found = page.items.find(item => item.replay_id === job);
  if (found) return found;
  const {state, error} = await get(`/v1/replays/${encodeURIComponent(job)}`);
  if (state === "failed" || state === "cancelled") throw new Problem(0, `The replay ${state === "failed" ? "failed" : "was cancelled"}`, error);
  return undefined;
}
