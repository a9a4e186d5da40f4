// The catalogue: which events there are, what they look like, and the schema to check them with.
import {html} from "../html.js";
import {useState} from "../vendor/hooks.js";
import {useAnswer, withQuery} from "../api.js";
import {Link} from "../router.js";
import {pretty} from "../format.js";
import {Answered, Choice, Code, Copy, Empty, Heading, Select} from "../parts/ui.js";
import {Properties} from "../parts/schema.js";

export function EventTypes({type}) {
  const answer = useAnswer("/v1/event-types");
  const [wanted, search] = useState("");
  return html`<div class="page">
    <${Heading} title="Event types" lead="What an endpoint can ask for, and what it then gets."><${Link} class="button" href="/reference">API reference<//><//>
    <${Answered} answer=${answer} lines=${8}>${({items}) => {
      const shown = items.filter(it => `${it.type} ${it.description}`.toLowerCase().includes(wanted.toLowerCase()));
      return html`<div class="catalogue ${type ? "chosen" : ""}">
        <nav aria-label="Event types">
          <input type="search" aria-label="Find an event type" placeholder="Find" value=${wanted} onInput=${event => search(event.target.value)} />
          ${shown.length === 0 && html`<p class="faint">None is called that.</p>`}
          <ul>${shown.map(it => html`<li key=${it.type}><${Link} href=${`/event-types/${encodeURIComponent(it.type)}`} aria-current=${it.type === type ? "page" : undefined}><span class="mono">${it.type}</span><small>${it.description}</small><//></li>`)}</ul>
        </nav>
        ${type ? html`<${EventType} key=${type} type=${type} />` : html`<div class="panel"><${Empty} title="Choose a type.">Each has a JSON Schema, an example, and versions that stay as they are.<//></div>`}
      </div>`;
    }}<//>
  </div>`;
}

const SIDES = [["fields", "Fields"], ["example", "Example"], ["schema", "JSON Schema"]];

function EventType({type}) {
  const [version, pin] = useState("");
  const [side, show] = useState("fields");
  const answer = useAnswer(withQuery(`/v1/event-types/${encodeURIComponent(type)}`, {version}));
  return html`<article class="panel stack">
    <p class="phone-only"><${Link} href="/event-types">All types<//></p>
    <${Answered} answer=${answer} lines=${8}>${it => html`
      <div class="section-head"><h2 class="mono">${it.type}</h2>
        ${it.versions.length > 1 ? html`<${Select} aria-label="Version" value=${version || it.schema_version} options=${it.versions.map(v => [v, `version ${v}`])} onChange=${pin} />` : html`<span class="faint">version ${it.schema_version}</span>`}</div>
      <p>${it.description}</p>
      <div class="section-head"><${Choice} label="Part" value=${side} options=${SIDES} onChange=${show} />
        ${side !== "fields" && html`<${Copy} text=${() => JSON.stringify(side === "example" ? it.example : it.json_schema, null, 2)} />`}</div>
      ${side === "fields" && html`<${Properties} schema=${it.json_schema} root=${it.json_schema} />`}
      ${side === "example" && html`<${Code} text=${pretty(it.example)} label="Example" />`}
      ${side === "schema" && html`<${Code} text=${pretty(it.json_schema)} label="JSON Schema" />`}`}
    <//>
  </article>`;
}
