// Replay of one delivery in one click; what became of it is shown in its place.
import {html} from "../html.js";
import {useEffect, useState} from "../vendor/hooks.js";
import {get, post} from "../api.js";
import {Link} from "../router.js";
import {useKeys} from "../keys.js";
import {Button, Reply, Status, Trouble, announce} from "./ui.js";

const TERMINAL = new Set(["delivered", "dead_lettered", "cancelled"]);
const ASK_EVERY = 700;

export function Replay({delivery, onDone}) {
  const [busy, work] = useState(false);
  const [made, follow] = useState(null); // the id of the delivery that replays this one
  const [result, show] = useState(null);
  const [problem, tell] = useState(null);

  useEffect(() => {
    if (!made) return undefined;
    let over = false;
    let timer;
    const look = async () => {
      try {
        const now = await get(`/v1/deliveries/${encodeURIComponent(made)}`);
        if (over) return;
        show(now);
        if (TERMINAL.has(now.status)) {
          announce(`The replay was ${now.status}`);
          onDone?.();
          return;
        }
      } catch (failure) {
        if (over) return;
        if (failure.status !== 404) { // it may take a moment until the log knows it
          tell(failure);
          return;
        }
      }
      timer = setTimeout(look, ASK_EVERY);
    };
    look();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [made]);

  const replay = async () => {
    work(true);
    tell(null);
    show(null);
    try {
      const answer = await post(`/v1/deliveries/${encodeURIComponent(delivery.id)}/replay`);
      follow(answer.delivery_id ?? answer.id);
    } catch (failure) {
      tell(failure);
    } finally {
      work(false);
    }
  };
  useKeys({r: () => busy || replay()});

  return html`<${Button} kind="primary" icon="replay" busy=${busy} onClick=${replay} title="Send it again (r)">Replay<//>
    ${(made || problem) && html`<div class="replay-result" role="status">
      ${problem && html`<${Trouble} problem=${problem} />`}
      ${made && !problem && html`<span>Replay: <${Status} state=${result?.status ?? "pending"} /> <${Reply} status=${result?.last_status} error=${result?.last_error} /></span>
        <${Link} class="mono" href=${`/deliveries/${encodeURIComponent(made)}`}>open it<//>`}
    </div>`}`;
}
