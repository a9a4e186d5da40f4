// Keys that work anywhere on the page, save where somebody types.
import {useEffect} from "./vendor/hooks.js";

const TYPING = "input, textarea, select, [contenteditable]";
const PRESSED_BY_SPACE = "button, summary, a";

/// @param actions by the key's name; told the event, and not when a dialog is open
export function useKeys(actions) {
  useEffect(() => {
    const listener = event => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (document.querySelector("dialog[open]")) return;
      const typing = event.target.closest?.(TYPING);
      if (typing) {
        if (event.key === "Escape") typing.blur();
        return;
      }
      if (event.key === " " && event.target.closest?.(PRESSED_BY_SPACE)) return;
      const action = actions[event.key];
      if (action) {
        event.preventDefault();
        action(event);
      }
    };
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  });
}
