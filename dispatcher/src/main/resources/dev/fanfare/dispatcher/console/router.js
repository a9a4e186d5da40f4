// Addresses: what the page shows is in its URL, filters too, so that it can be bookmarked and sent.
import {html} from "./html.js";
import {useEffect, useState} from "./vendor/hooks.js";

const changed = new EventTarget();

export function go(path, {replace = false} = {}) {
  if (path === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", path);
  changed.dispatchEvent(new Event("change"));
}

addEventListener("popstate", () => changed.dispatchEvent(new Event("change")));

export function useLocation() {
  const [, tell] = useState(0);
  useEffect(() => {
    const listener = () => tell(n => n + 1);
    changed.addEventListener("change", listener);
    return () => changed.removeEventListener("change", listener);
  }, []);
  return {path: location.pathname, query: new URLSearchParams(location.search)};
}

/// The variables of `/endpoints/{id}` in a path, or null when it is another's.
export function match(pattern, path) {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const variables = {};
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i].startsWith("{")) {
      try {
        variables[wanted[i].slice(1, -1)] = decodeURIComponent(given[i]);
      } catch {
        return null;
      }
    } else if (wanted[i] !== given[i]) {
      return null;
    }
  }
  return variables;
}

/// A link inside the page. With a modifier key the browser does what it always does.
export function Link({href, children, onClick, ...others}) {
  const click = event => {
    onClick?.(event);
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(href);
  };
  return html`<a href=${href} onClick=${click} ...${others}>${children}</a>`;
}
