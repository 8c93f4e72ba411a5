// Passkeys: forms that submit what an authenticator answered (WebAuthn).
import { $, all } from "../shared/dom.js";

/** @param {string} text */
function decode(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer */
function encode(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {any[]} credentials */
const decodeIds = (credentials = []) => credentials.map((credential) => ({ ...credential, id: decode(credential.id) }));

/**
 * Show the browser's dialog for a new passkey.
 * @param {any} options
 */
function create(options) {
  const publicKey = {
    ...options,
    challenge: decode(options.challenge),
    user: { ...options.user, id: decode(options.user.id) },
    excludeCredentials: decodeIds(options.excludeCredentials),
  };
  return navigator.credentials.create({ publicKey });
}

/**
 * Show the browser's dialog for signing in.
 * @param {any} options
 */
function get(options) {
  const publicKey = {
    ...options,
    challenge: decode(options.challenge),
    allowCredentials: decodeIds(options.allowCredentials),
  };
  return navigator.credentials.get({ publicKey });
}

/**
 * Return a credential as JSON; not every browser and password manager has a working toJSON.
 * @param {any} credential
 */
function serialize({ id, rawId, type, authenticatorAttachment, response }) {
  const fields = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const encoded = Object.fromEntries(fields.filter((name) => response[name]).map((name) => [name, encode(response[name])]));
  const transports = response.getTransports?.() ?? [];
  return JSON.stringify({ id, rawId: encode(rawId), type, authenticatorAttachment, response: { ...encoded, transports } });
}

/**
 * Return the options of the dialog, which the server makes for one use.
 * @param {HTMLFormElement} form
 */
async function loadOptions(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const body = new URLSearchParams({ csrf_token: $("[name=csrf_token]", form).value });
  const response = await fetch(String(form.dataset.optionsUrl), { method: "POST", body });
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

/** Message of an error by its name: the attribute of the form. */
const MESSAGES = new Map([["NotAllowedError", "cancelled"], ["AbortError", "cancelled"], ["InvalidStateError", "existing"]]);

for (const form of all("form[data-passkey]")) {
  const button = $("button", form);
  const message = $("[role=alert]", form);
  const show = (/** @type {string} */ text) => {
    message.textContent = text;
    message.hidden = !text;
  };
  if (!("PublicKeyCredential" in window)) {
    show(form.dataset.unsupported);
    continue;
  }
  button.disabled = false;
  form.addEventListener("submit", async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    button.disabled = true;
    show("");
    try {
      const options = await loadOptions(form);
      const credential = await (form.dataset.passkey === "create" ? create(options) : get(options));
      $("[name=response]", form).value = serialize(credential);
      form.submit();
    } catch (error) {
      const name = error instanceof Error ? error.name : "";
      show(form.dataset[MESSAGES.get(name) ?? "failed"]);
      button.disabled = false;
    }
  });
}
