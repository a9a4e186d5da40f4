// What a customer and a platform do that know nothing of Java: a subscription and an event with curl,
// another event with a plain Kafka producer, and an HTTP server that verifies both with the library of
// Standard Webhooks. Prints what arrived as one line of JSON; whatever goes wrong ends it with status 1.
//
//   node interop.mjs API BROKERS REGISTRY TOPIC SCHEMA
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { performance } from "node:perf_hooks";
import { promisify } from "node:util";
import schemaRegistry from "@kafkajs/confluent-schema-registry";
import kafkajs from "kafkajs";
import { Webhook } from "standardwebhooks";

const { SchemaRegistry, SchemaType } = schemaRegistry;
const { Kafka, logLevel } = kafkajs;
const [api, brokers, registryUrl, topic, schemaFile] = process.argv.slice(2);
const PATIENCE_MS = 60_000;
const WARM_UPS = 5;

const run = promisify(execFile);
const arrivals = new Map(); // by webhook-id: { at, headers, body }
const waiting = new Map(); // by webhook-id: the function to call

async function curl(path, body) {
  const { stdout } = await run("curl", [
    "--silent", "--show-error", "--fail-with-body", "--max-time", "30", "--noproxy", "*",
    "--header", "content-type: application/json", "--data", JSON.stringify(body), api + path,
  ]);
  return JSON.parse(stdout);
}

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  response.writeHead(204).end();
  const arrival = { at: performance.now(), headers: request.headers, body: Buffer.concat(parts).toString() };
  const id = request.headers["webhook-id"];
  if (!arrivals.has(id)) arrivals.set(id, arrival); // at least once: the first counts
  waiting.get(id)?.(arrival);
});

function arrival(id) {
  return new Promise((resolve, reject) => {
    if (arrivals.has(id)) return resolve(arrivals.get(id));
    const late = setTimeout(() => reject(new Error(`${id} has not arrived in ${PATIENCE_MS} ms`)), PATIENCE_MS);
    waiting.set(id, (found) => { clearTimeout(late); resolve(found); });
  });
}

function bounced(id) {
  return {
    event_id: id, tenant: "acme", type: "email.bounced", message_id: `m-${id}`, recipient: "zoë@customer.example",
    bounce: { kind: "hard", category: "invalid_address", smtp_code: 550, response: "user unknown — “gone”" },
  };
}

/** Sends, waits for the arrival, verifies it, and tells how long it took. */
async function delivered(webhook, id, send) {
  const began = performance.now();
  await send(id);
  const { at, headers, body } = await arrival(id);
  const payload = webhook.verify(body, headers); // throws unless it is from Fanfare, and of now
  return { id, took_ms: Math.round(at - began), payload };
}

function isRefused(webhook, id) {
  const { headers, body } = arrivals.get(id);
  try {
    webhook.verify(body.replace("acme", "evil"), headers);
    return false;
  } catch {
    return true;
  }
}

server.listen(0, "127.0.0.1");
await once(server, "listening");
const kafka = new Kafka({ clientId: "platform", brokers: brokers.split(","), logLevel: logLevel.ERROR });
const producer = kafka.producer();
try {
  const subscription = await curl("/v1/subscriptions", {
    tenant: "acme", url: `http://127.0.0.1:${server.address().port}/hooks`, event_types: ["email.*"],
  });
  const webhook = new Webhook(subscription.secret);
  const byCurl = (id) => curl("/v1/events", bounced(id));

  const registry = new SchemaRegistry({ host: registryUrl });
  const schema = await readFile(schemaFile, "utf8");
  const { id: schemaId } = await registry.register({ type: SchemaType.AVRO, schema }, { subject: `${topic}-value` });
  await producer.connect();
  const byProducer = async (id) => {
    const event = { ...bounced(id), occurred_at: Date.now() };
    await producer.send({ topic, messages: [{ key: event.message_id, value: await registry.encode(schemaId, event) }] });
  };

  for (let i = 0; i < WARM_UPS; i++) {
    await delivered(webhook, `warm-up-curl-${i}`, byCurl);
    await delivered(webhook, `warm-up-producer-${i}`, byProducer);
  }
  const report = {
    curl: await delivered(webhook, "by-curl", byCurl),
    producer: await delivered(webhook, "by-producer", byProducer),
    tampered_is_refused: isRefused(webhook, "by-curl") && isRefused(webhook, "by-producer"),
  };
  console.log(JSON.stringify(report));
} finally {
  await producer.disconnect();
  server.closeAllConnections();
  server.close();
}
