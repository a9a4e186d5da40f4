// The frame: who is there, where we are, and the view of it.
import {h, render} from "./vendor/preact.js";
import {useEffect, useState} from "./vendor/hooks.js";
import {html} from "./html.js";
import {get, onSignedOut, remove} from "./api.js";
import {Link, go, match, useLocation} from "./router.js";
import {useKeys} from "./keys.js";
import {Button, Dialog, Empty, Heading, Trouble} from "./parts/ui.js";
import {Icon} from "./parts/icons.js";
import {forget} from "./endpoints.js";
import {SignIn} from "./pages/sign-in.js";
import {Log} from "./pages/log.js";
import {Overview} from "./pages/overview.js";
import {Endpoints} from "./pages/endpoints.js";
import {Endpoint} from "./pages/endpoint.js";
import {DeadLetters} from "./pages/dead-letters.js";
import {ReplayJob, Replays} from "./pages/replays.js";
import {EventTypes} from "./pages/event-types.js";
import {Reference} from "./pages/reference.js";
import {Alerts} from "./pages/alerts.js";

/// Address, view, and the entry of the navigation that it belongs to.
const VIEWS = [
  ["/", Log, "/"],
  ["/deliveries/{id}", Log, "/"],
  ["/overview", Overview, "/overview"],
  ["/endpoints", Endpoints, "/endpoints"],
  ["/endpoints/{id}", Endpoint, "/endpoints"],
  ["/dead-letters", DeadLetters, "/dead-letters"],
  ["/replays", Replays, "/dead-letters"],
  ["/replays/{id}", ReplayJob, "/dead-letters"],
  ["/alerts", Alerts, "/alerts"],
  ["/event-types", EventTypes, "/event-types"],
  ["/event-types/{type}", EventTypes, "/event-types"],
  ["/reference", Reference, "/event-types"],
];

const NAVIGATION = [
  ["/", "Live log", "log", "l"],
  ["/overview", "Overview", "overview", "o"],
  ["/endpoints", "Endpoints", "endpoints", "e"],
  ["/dead-letters", "Dead letters", "dead", "d"],
  ["/alerts", "Alerts", "alerts", "a"],
  ["/event-types", "Event types", "types", "t"],
];

function App() {
  const [session, change] = useState(undefined);
  const [problem, tell] = useState();
  const load = async () => {
    tell(undefined);
    try {
      change(await get("/v1/session"));
    } catch (failure) {
      if (failure.status === 401) change(null);
      else tell(failure);
    }
  };
  useEffect(() => {
    load();
    return onSignedOut(() => change(null));
  }, []);
  if (problem) return html`<main class="alone"><${Trouble} problem=${problem} retry=${load} /></main>`;
  if (session === undefined) return null;
  if (session === null) return html`<${SignIn} onSignedIn=${load} />`;
  return html`<${Frame} session=${session} onSignOut=${async () => {
    await remove("/v1/session");
    forget();
    change(null);
  }} />`;
}

function Frame({session, onSignOut}) {
  const {path} = useLocation();
  const [help, showHelp] = useState(false);
  const [leading, lead] = useState(false);
  const actions = {"?": () => showHelp(true), g: () => {
    lead(true);
    setTimeout(() => lead(false), 1_500);
  }};
  if (leading) {
    for (const [address, , , key] of NAVIGATION) {
      actions[key] = () => {
        lead(false);
        go(address);
      };
    }
  }
  useKeys(actions);
  const found = VIEWS.map(([pattern, view, entry]) => ({variables: match(pattern, path), view, entry})).find(it => it.variables);
  return html`<div class="frame">
    <a class="skip" href="#main">Skip to the content</a>
    <header class="rail">
      <${Link} href="/" class="brand" aria-label="Fanfare, live log"><${Mark} /><span>Fanfare</span><//>
      <nav aria-label="Main"><ul>
        ${NAVIGATION.map(([address, label, icon]) => html`<li key=${address}>
          <${Link} href=${address} aria-current=${found?.entry === address ? "page" : undefined}><${Icon} name=${icon} /><span>${label}</span><//>
        </li>`)}
      </ul></nav>
      <div class="rail-foot">
        ${session.role && session.role !== "open" && html`<p class="who" title="What your key may do">${session.tenant ?? "all tenants"} · ${session.role}</p>`}
        <${Theme} />
        <${Button} kind="quiet wide-only" icon="keyboard" onClick=${() => showHelp(true)} aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" />
        ${session.role !== "open" && html`<${Button} kind="quiet" icon="out" onClick=${onSignOut} aria-label="Sign out" title="Sign out" />`}
      </div>
    </header>
    <main id="main" tabindex="-1">
      ${found ? h(found.view, {...found.variables, session, key: found.entry}) : html`<${Nowhere} />`}
    </main>
    <p id="announcements" class="unseen" role="status"></p>
    ${help && html`<${Help} onClose=${() => showHelp(false)} />`}
  </div>`;
}

function Nowhere() {
  return html`<div class="page"><${Heading} title="Nothing here" />
    <${Empty} title="There is no such page.">The address may be mistyped. <${Link} href="/">Go to the live log<//>.<//></div>`;
}

function Mark() {
  return html`<svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
    <rect width="32" height="32" rx="7" fill="#14181f" />
    <path d="M6 14.500h4.200c5 0 8.300-2 12.300-6.800.6-.7 1.500-.4 1.500.6v15.400c0 1-.9 1.300-1.500.6-4-4.800-7.300-6.800-12.300-6.800H6a1 1 0 0 1-1-1v-1a1 1 0 0 1 1-1z" fill="#f0b429" />
    <path d="M27 12.500v7" stroke="#f0b429" stroke-width="2" stroke-linecap="round" />
  </svg>`;
}

const THEMES = ["auto", "light", "dark"];
const THEME_ICONS = {auto: "auto", light: "sun", dark: "moon"};

function Theme() {
  const [theme, change] = useState(document.documentElement.dataset.theme ?? "auto");
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  const turn = () => {
    change(next);
    if (next === "auto") {
      delete document.documentElement.dataset.theme;
      localStorage.removeItem("fanfare.theme");
    } else {
      document.documentElement.dataset.theme = next;
      localStorage.setItem("fanfare.theme", next);
    }
    dispatchEvent(new Event("theme"));
  };
  const label = `Colours: ${theme}. Change to ${next}`;
  return html`<${Button} kind="quiet" icon=${THEME_ICONS[theme]} onClick=${turn} aria-label=${label} title=${label} />`;
}

const KEYS = [
  ["j / k", "next, previous delivery"],
  ["Enter", "open the delivery"],
  ["Esc", "close it, or leave a field"],
  ["/", "filter the live log"],
  ["Space", "hold the live log, let it run"],
  ["r", "replay the open delivery"],
  ["?", "this list"],
];

function Help({onClose}) {
  return html`<${Dialog} title="Keyboard" onClose=${onClose}>
    <dl class="keys">
      ${KEYS.map(([key, what]) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}
      ${NAVIGATION.map(([address, label, , key]) => html`<div key=${address}><dt><kbd>g</kbd> <kbd>${key}</kbd></dt><dd>${label}</dd></div>`)}
    </dl>
  <//>`;
}

render(html`<${App} />`, document.getElementById("app"));
