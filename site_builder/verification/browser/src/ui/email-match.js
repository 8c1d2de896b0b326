/**
 * Whether a credential was made out to an e-mail address: compared here, and sent nowhere.
 *
 * The salt stands in the credential (email_match: public) or in the recipient's own link, /c/<id>/#m=<salt> (private).
 * Source: Open Badges 3.0, IdentityObject and IdentityHash.
 */

import { make } from "./dom.js";
import { isObject } from "../encoding.js";
import { trimmed } from "../verification/page/text.js";
import { sentence } from "../verification/report.js";

const KEY = /^#m=([A-Za-z0-9_-]{22})$/;
const ADDRESS = /^[^@\s]+@[^@\s]+$/u;

/** @typedef {{identityHash: string, salt: string}} Identity */

/**
 * The identityHash of an e-mail address; credentials/openbadges3/build.py has the same.
 * @param {string} address
 * @param {string} salt
 */
export async function hashEmail(address, salt) {
  const text = trimmed(address.normalize("NFC")).toLowerCase() + salt;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return `sha256$${Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * The hashed addresses of a verified credential, each with the salt that it is compared with.
 * @param {any} credential
 * @param {string} key
 * @returns {Identity[]}
 */
function identitiesOf(credential, key) {
  const stated = credential?.credentialSubject.identifier;
  return (Array.isArray(stated) ? stated : [])
    .filter((identity) => isObject(identity) && identity.hashed === true && identity.identityType === "emailAddress")
    .map(({ identityHash, salt }) => ({ identityHash, salt: typeof salt === "string" ? salt : key }));
}

/**
 * Offers the field when there is something to compare with; otherwise takes it away.
 * @param {any} credential verified: nothing else is compared; null when none was
 * @param {string} fragment of the page's address
 */
export function offerEmailMatch(credential, fragment) {
  const shown = document.querySelector("#verdict .match");
  // What somebody is writing or reading stays when the credential is checked once more.
  if (credential && shown?.getAttribute("data-fragment") === fragment) return;
  shown?.remove();
  const identities = credential ? identitiesOf(credential, KEY.exec(fragment)?.[1] ?? "") : [];
  const known = identities.filter(({ salt }) => salt);
  const isCutOff = identities.length > 0 && fragment.startsWith("#m=");
  const content = known.length ? makeField(known) : isCutOff ? [make("p", {}, sentence("match", "key"))] : [];
  if (content.length) document.getElementById("verdict")?.append(make("div", { class: "match", "data-fragment": fragment }, ...content));
}

const FIELD = { id: "match-address", type: "text", inputmode: "email", autocomplete: "email", spellcheck: "false" };

/** @param {Identity[]} identities */
function makeField(identities) {
  // Not of type email: a browser rewrites what is written there.
  const field = /** @type {HTMLInputElement} */ (make("input", FIELD));
  const answer = make("p", { role: "status" });
  const form = make("form", {}, field, make("button", { type: "submit" }, sentence("match", "button")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    answer.textContent = sentence("match", await compare(field.value, identities));
  });
  const label = make("label", { for: FIELD.id }, sentence("match", "question"));
  return [label, form, answer, make("small", {}, sentence("match", "local"))];
}

/**
 * Which answer of wording/en.json fits.
 * @param {string} address
 * @param {Identity[]} identities
 */
async function compare(address, identities) {
  if (!ADDRESS.test(trimmed(address))) return "no_address";
  const found = await Promise.all(
    identities.map(async ({ identityHash, salt }) => identityHash === (await hashEmail(address, salt))),
  );
  return found.includes(true) ? "yes" : "no";
}
