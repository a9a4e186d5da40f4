// An attempt as a command that anybody can repeat.
import {quoted} from "./format.js";

/// What curl sets by itself, or must not be told.
const LEFT_OUT = new Set(["host", "content-length", "connection", "accept-encoding"]);

export function curl(delivery, attempt) {
  const headers = Object.entries(attempt.request_headers ?? {}).filter(([name]) => !LEFT_OUT.has(name.toLowerCase()));
  const payload = typeof delivery.payload === "string" ? delivery.payload : JSON.stringify(delivery.payload);
  return [
    `curl -i ${quoted(attempt.url ?? "")}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    `--data-raw ${quoted(payload)}`,
  ].join(" \\\n  ");
}
