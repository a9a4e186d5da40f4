// Markup in a tagged template: html`<p class=${name}>${text}</p>` makes virtual nodes.
//
// A template is read once, by its strings; values stand where they stand and are never parsed, so
// what a stranger wrote stays text. Knows elements, components (<${Row} .../>), attributes, spreads
// (...${props}) and nothing else of HTML: no comments, no entities.
import {h} from "./vendor/preact.js";

const templates = new WeakMap();

export function html(strings, ...values) {
  let nodes = templates.get(strings);
  if (!nodes) {
    nodes = read(strings);
    templates.set(strings, nodes);
  }
  const made = nodes.map(node => make(node, values));
  return made.length === 1 ? made[0] : made;
}

// A place for a value, between two characters that no source text has.
const SLOT = /\u0001(\d+)\u0001/;
const NAME = /^[^\s=>/\u0001]+/;

function read(strings) {
  const source = strings.reduce((all, part, i) => `${all}\u0001${i - 1}\u0001${part}`);
  let at = 0;

  const fail = what => {
    throw new SyntaxError(`${what} in template near: ${source.slice(Math.max(0, at - 40), at + 40)}`);
  };
  const take = pattern => {
    const found = pattern.exec(source.slice(at));
    if (found) at += found[0].length;
    return found;
  };

  function children() {
    const nodes = [];
    while (at < source.length && !source.startsWith("</", at)) {
      if (source[at] === "<") {
        nodes.push(element());
      } else {
        const end = source.indexOf("<", at);
        const text = source.slice(at, end < 0 ? source.length : end);
        at += text.length;
        nodes.push(...parts(text.replace(/^\s*\n\s*|\s*\n\s*$/g, "").replace(/\s*\n\s*/g, " ")));
      }
    }
    return nodes;
  }

  function element() {
    at++;
    const name = take(/^(?:\u0001\d+\u0001|[\w-]+)/)?.[0] ?? fail("no name");
    const node = {tag: slot(name) ?? name, attributes: [], children: []};
    for (;;) {
      take(/^\s+/);
      if (take(/^\/>/)) return node;
      if (take(/^>/)) break;
      if (at >= source.length) fail("no end of tag");
      node.attributes.push(attribute());
    }
    node.children = children();
    take(/^<\/(?:\u0001\d+\u0001|[\w-]*|\/)\s*>/) ?? fail("no closing tag");
    return node;
  }

  function attribute() {
    const spread = take(/^\.\.\.\u0001(\d+)\u0001/);
    if (spread) return {spread: Number(spread[1])};
    const name = take(NAME)?.[0] ?? fail("no attribute");
    if (!take(/^=/)) return {name, parts: [true]};
    const quoted = take(/^"([^"]*)"/);
    const text = quoted ? quoted[1] : take(/^[^\s>"]+/)?.[0] ?? fail("no value");
    return {name, parts: parts(text)};
  }

  const nodes = children();
  if (at < source.length) fail("too many closing tags");
  return nodes;
}

function slot(text) {
  const found = SLOT.exec(text);
  return found && found[0] === text ? {slot: Number(found[1])} : undefined;
}

function parts(text) {
  return text
    .split(/(\u0001\d+\u0001)/)
    .filter(part => part !== "")
    .map(part => slot(part) ?? part);
}

const value = (part, values) => (typeof part === "object" ? values[part.slot] : part);

function make(node, values) {
  if (typeof node === "string") return node;
  if ("slot" in node) return values[node.slot];
  const props = {};
  for (const attribute of node.attributes) {
    if ("spread" in attribute) {
      Object.assign(props, values[attribute.spread]);
    } else if (attribute.parts.length === 1) {
      props[attribute.name] = value(attribute.parts[0], values);
    } else {
      props[attribute.name] = attribute.parts.map(part => value(part, values) ?? "").join("");
    }
  }
  return h(value(node.tag, values), props, ...node.children.map(child => make(child, values)));
}
