// The API, as /openapi.json describes it.
import {html} from "../html.js";
import {useMemo, useState} from "../vendor/hooks.js";
import {useAnswer} from "../api.js";
import {Answered, Empty, Heading} from "../parts/ui.js";
import {Properties} from "../parts/schema.js";

const METHODS = ["get", "post", "put", "patch", "delete"];

export function Reference() {
  const answer = useAnswer("/openapi.json");
  const [wanted, search] = useState("");
  return html`<div class="page reference">
    <${Heading} title="API reference" lead="Everything that this page does, you can do by the REST API under /v1 with Authorization: Bearer <your key>."><a class="button" href="/openapi.json">openapi.json</a><//>
    ${answer.problem?.status === 404
      ? html`<div class="panel"><${Empty} title="This server has no API description.">See docs/api.md of its version.<//></div>`
      : html`<${Answered} answer=${answer} lines=${10}>${document => html`
        <input type="search" aria-label="Find an operation" placeholder="Find, e.g. replays" value=${wanted} onInput=${event => search(event.target.value)} />
        <${Operations} document=${document} wanted=${wanted.trim().toLowerCase()} />`}<//>`}
  </div>`;
}

function Operations({document, wanted}) {
  const groups = useMemo(() => grouped(document), [document]);
  const shown = groups
    .map(([tag, operations]) => [tag, operations.filter(it => `${it.method} ${it.path} ${it.summary ?? ""}`.toLowerCase().includes(wanted))])
    .filter(([, operations]) => operations.length);
  if (!shown.length) return html`<div class="panel"><${Empty} title="No operation is called that." /></div>`;
  return shown.map(([tag, operations]) => html`<section class="stack" key=${tag}><h2>${tag}</h2>
    <div class="panel operations">${operations.map(it => html`<details key=${`${it.method} ${it.path}`}>
      <summary><b class="method ${it.method}">${it.method.toUpperCase()}</b> <code>${it.path}</code> <span class="faint">${it.summary}</span></summary>
      <${Operation} operation=${it} document=${document} />
    </details>`)}</div></section>`);
}

function grouped(document) {
  const groups = new Map();
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of METHODS.filter(it => item[it])) {
      const operation = item[method];
      const tag = operation.tags?.[0] ?? (path.startsWith("/v1/") ? path.split("/")[2] : "operations");
      groups.set(tag, [...(groups.get(tag) ?? []), {...operation, method, path, parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])]}]);
    }
  }
  return [...groups];
}

function followed(node, document) {
  if (!node?.$ref?.startsWith("#/")) return node ?? {};
  return node.$ref.slice(2).split("/").reduce((at, part) => at?.[part.replaceAll("~1", "/").replaceAll("~0", "~")], document) ?? {};
}

const schemaOf = content => Object.values(content ?? {})[0]?.schema;

function Operation({operation, document}) {
  const parameters = operation.parameters.map(it => followed(it, document));
  const body = schemaOf(followed(operation.requestBody, document).content);
  return html`<div class="operation">
    ${operation.description && html`<p>${operation.description}</p>`}
    ${parameters.length > 0 && html`<h4>Parameters</h4><dl class="properties">${parameters.map(it => html`<div key=${it.in + it.name}>
      <dt><code>${it.name}</code> <span class="faint">${it.in}</span>${it.required ? html` <span class="required">required</span>` : null}</dt><dd>${it.description}</dd></div>`)}</dl>`}
    ${body && html`<h4>Request</h4><${Properties} schema=${body} root=${document} />`}
    <h4>Answers</h4>
    <dl class="properties">${Object.entries(operation.responses ?? {}).map(([status, response]) => {
      const answer = followed(response, document);
      const schema = schemaOf(answer.content);
      return html`<div key=${status}><dt><code>${status}</code></dt><dd>${answer.description}
        ${schema && status.startsWith("2") && html`<${Properties} schema=${schema} root=${document} depth=${1} />`}</dd></div>`;
    })}</dl>
  </div>`;
}
