// Sign-in with an API key, which is exchanged for a cookie that scripts can't read.
import {html} from "../html.js";
import {useEffect, useState} from "../vendor/hooks.js";
import {post} from "../api.js";
import {Button, Field} from "../parts/ui.js";

export function SignIn({onSignedIn}) {
  const [key, type] = useState("");
  const [problem, tell] = useState(null);
  const [busy, work] = useState(false);
  useEffect(() => {
    document.title = "Sign in · Fanfare";
  }, []);
  const submit = async event => {
    event.preventDefault();
    work(true);
    try {
      await post("/v1/session", {api_key: key.trim()});
      await onSignedIn();
    } catch (failure) {
      tell(failure);
    } finally {
      work(false);
    }
  };
  const error = problem && (problem.status === 401 ? "This key is not valid. Check that it was copied whole." : problem.message);
  return html`<main class="alone">
    <form class="sign-in" onSubmit=${submit}>
      <h1>Fanfare</h1>
      <p class="lead">Sign in with an API key. It stays out of this page: you get a session that ends by itself.</p>
      <${Field} label="API key" error=${error}>
        ${field => html`<input ...${field} type="password" autocomplete="current-password" spellcheck="false" autofocus required value=${key} onInput=${event => type(event.target.value)} />`}
      <//>
      <button type="submit" class="button primary" disabled=${busy || !key.trim()}>${busy ? "Signing in …" : "Sign in"}</button>
      <p class="hint">No key? Whoever runs Fanfare makes one with <code>POST /v1/keys</code>, or has it in the configuration as <code>api.api_key</code>.</p>
    </form>
  </main>`;
}
