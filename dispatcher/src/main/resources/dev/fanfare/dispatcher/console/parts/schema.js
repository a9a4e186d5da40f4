// A JSON Schema as a list of fields that people can read.
import {html} from "../html.js";

const DEEPEST = 6;

function followed(schema, root) {
  if (!schema?.$ref?.startsWith("#/")) return schema ?? {};
  const path = schema.$ref.slice(2).split("/").map(part => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return path.reduce((at, part) => at?.[part], root) ?? {};
}

function typeOf(schema) {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map(it => JSON.stringify(it)).join(" | ");
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives) return alternatives.map(it => typeOf(it)).join(" | ");
  const type = [schema.type ?? "any"].flat().join(" | ");
  const item = schema.items ? ` of ${typeOf(schema.items)}` : "";
  return (schema.$ref ? schema.$ref.split("/").at(-1) : type) + item + (schema.format ? ` (${schema.format})` : "");
}

export function Properties({schema, root, depth = 0}) {
  const here = followed(schema, root);
  const properties = {...Object.assign({}, ...(here.allOf ?? []).map(it => followed(it, root).properties ?? {})), ...here.properties};
  const required = new Set([...(here.required ?? []), ...(here.allOf ?? []).flatMap(it => followed(it, root).required ?? [])]);
  if (!Object.keys(properties).length) return depth ? null : html`<p class="faint">${typeOf(here)}</p>`;
  return html`<dl class="properties">${Object.entries(properties).map(([name, property]) => {
    const inner = followed(property.items ? property.items : property, root);
    return html`<div key=${name}>
      <dt><code>${name}</code>${required.has(name) ? html` <span class="required">required</span>` : null}</dt>
      <dd><span class="faint mono">${typeOf(property)}</span>${property.description && html`<p>${property.description}</p>`}
        ${depth < DEEPEST && (inner.properties || inner.allOf) && html`<${Properties} schema=${inner} root=${root} depth=${depth + 1} />`}</dd>
    </div>`;
  })}</dl>`;
}
