// What an endpoint wants to see besides signatures. Secrets go in and never come out: an empty one
// means the one that is set.
import {html} from "../html.js";
import {Field, Select} from "./ui.js";

const TYPES = [["", "none besides the signature"], ["basic", "Basic: user name and password"], ["oauth2", "OAuth 2.0 client credentials"], ["mtls", "Client certificate (mTLS)"]];

/// What is asked for, by type: name, label, and how it is typed.
const FIELDS = {
  basic: [["username", "User name"], ["password", "Password", {secret: true}]],
  oauth2: [
    ["token_url", "Token URL", {wide: true, placeholder: "https://login.example.com/oauth/token"}],
    ["client_id", "Client id"],
    ["client_secret", "Client secret", {secret: true}],
    ["scope", "Scope", {hint: "Empty for none."}],
    ["audience", "Audience", {hint: "Empty for none."}],
  ],
  mtls: [
    ["certificate", "Certificate", {wide: true, long: true, placeholder: "-----BEGIN CERTIFICATE-----"}],
    ["private_key", "Private key", {wide: true, long: true, secret: true, placeholder: "-----BEGIN PRIVATE KEY-----"}],
  ],
};

/// What the form begins with.
export function fromApi(authentication) {
  return Object.fromEntries(Object.entries(authentication ?? {type: ""}).map(([name, value]) => [name, value ?? ""]));
}

/// What the API gets; null for none.
export function toApi(form) {
  if (!form.type) return null;
  // A certificate stays as it is to the last line feed: a change of it wants the key again.
  const text = (name, how) => (how?.long ? form[name] : form[name]?.trim()) || null;
  const texts = FIELDS[form.type].map(([name, , how]) => [name, text(name, how)]);
  return {type: form.type, ...Object.fromEntries(texts)};
}

/// @param stored the type of what is set now; its secret may be left as it is
/// @param error what is wrong at a pointer below the subscription
export function AuthenticationFields({value, stored, onChange, error}) {
  const fields = FIELDS[value.type] ?? [];
  const whole = error("authentication");
  const told = fields.map(([name]) => error(`authentication/${name}`)).filter(Boolean);
  return html`
    <${Field} label="Authentication" wide error=${told.length ? undefined : whole} hint="What each request shows to the endpoint besides its signature.">
      ${field => html`<${Select} ...${field} value=${value.type} options=${TYPES} onChange=${type => onChange({type})} />`}
    <//>
    ${fields.map(([name, label, how = {}]) => html`<${Field} key=${`${value.type}-${name}`} label=${label} wide=${how.wide} error=${error(`authentication/${name}`)} hint=${how.secret && stored === value.type ? "Empty for the one that is set, if nothing else here changes." : how.hint}>
      ${field => how.long
        ? html`<textarea ...${field} spellcheck="false" autocomplete="off" placeholder=${how.placeholder} value=${value[name] ?? ""} onInput=${event => onChange({...value, [name]: event.target.value})}></textarea>`
        : html`<input ...${field} type=${how.secret ? "password" : "text"} spellcheck="false" autocomplete=${how.secret ? "new-password" : "off"} placeholder=${how.placeholder} value=${value[name] ?? ""} onInput=${event => onChange({...value, [name]: event.target.value})} />`}
    <//>`)}`;
}
