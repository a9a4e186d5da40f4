// How the receiver knows that a request is ours, with these very values, and code to check it.
import {html} from "../html.js";
import {useState} from "../vendor/hooks.js";
import {Link} from "../router.js";
import {Choice, Code, Copy, Pairs} from "./ui.js";

const LANGUAGES = [["node", "Node"], ["python", "Python"], ["java", "Java"], ["shell", "Shell"]];

const CODE = {
  node: `const {Webhook} = require("standardwebhooks");

// rawBody: the bytes as they came, before any JSON parser
const event = new Webhook(process.env.WEBHOOK_SECRET).verify(rawBody, request.headers);`,
  python: `from standardwebhooks import Webhook

# raw_body: the bytes as they came, before any JSON parser
event = Webhook(os.environ["WEBHOOK_SECRET"]).verify(raw_body, request.headers)`,
  java: `var key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
var mac = Mac.getInstance("HmacSHA256");
mac.init(new SecretKeySpec(key, "HmacSHA256"));
mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
var expected = Base64.getEncoder().encode(mac.doFinal(rawBody));
// accept if any "v1,<base64>" of webhook-signature is equal:
// MessageDigest.isEqual(expected, given), and |now - timestamp| is below 5 minutes`,
  shell: `KEY=$(printf %s "\${WEBHOOK_SECRET#whsec_}" | base64 -d | xxd -p -c 256)
{ printf '%s.%s.' "$WEBHOOK_ID" "$WEBHOOK_TIMESTAMP"; cat body.json; } |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64`,
};

export function Signature({headers, subscription}) {
  const [language, speak] = useState("node");
  const signed = Object.fromEntries(["webhook-id", "webhook-timestamp", "webhook-signature"].map(name => [name, headers?.[name]]).filter(([, value]) => value));
  if (!signed["webhook-signature"]) return html`<p class="faint">This attempt was not signed, since it was never sent.</p>`;
  return html`
    <${Pairs} pairs=${signed} label="Signature headers" />
    <p>What is signed are the id, the timestamp and the body's very bytes, joined by dots:</p>
    <${Code} text=${`${signed["webhook-id"]}.${signed["webhook-timestamp"]}.<body>`} label="Signed content" />
    <p>Each <code>v1,</code> entry is HMAC-SHA256 under one of the <${Link} href=${`/endpoints/${encodeURIComponent(subscription)}`}>endpoint's secrets<//>, each <code>v1a,</code> entry ed25519 under its key pair. One that matches is enough; refuse a timestamp more than five minutes off, and an id you have seen.</p>
    <div class="section-head"><h4>Check it</h4><${Choice} label="Language" value=${language} options=${LANGUAGES} onChange=${speak} /><${Copy} text=${CODE[language]} /></div>
    <${Code} text=${CODE[language]} label="Code that checks the signature" />`;
}
