/**
 * did:web identifiers and the documents behind them.
 *
 * Source: did:web Method Specification; Controlled Identifiers 1.0, 2 and 3.3.
 */

import { clip, isObject } from "../../encoding.js";
import { formatJcs } from "../securing/jcs.js";
import { parseTimestamp } from "../timestamps.js";
import { isGivenAway, multibaseOf } from "./key-forms.js";

/** A DID that cannot be used, or a document that does not stand for it. */
export class DidError extends Error {}

// A last label that begins with a letter: 127.1 and 127.0x1 are IP addresses, which name no owner. A port is written %3A8443.
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:%3[Aa][0-9]{1,5})?$/;
const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
// One address and nothing that would add a header or a recipient to the mail. Source: RFC 6068, 2.
const MAILTO = /^mailto:[A-Za-z0-9._~%-]+@[A-Za-z0-9.-]+$/;
const MAX_MAILTO = 327;

/**
 * Whether did is a did:web with a host name, a port at most, and plain path segments.
 * @param {string} did
 */
export function isDidWeb(did) {
  if (!did.startsWith("did:web:") || did.length > 512) return false;
  const [host, ...segments] = did.slice(8).split(":");
  return HOST.test(host) && segments.every((segment) => SEGMENT.test(segment));
}

/**
 * Where a did:web's document lies. Source: did:web, Read (Resolve). Throws DidError.
 * @param {string} did
 */
export function didDocumentUrl(did) {
  if (!isDidWeb(did)) throw new DidError(`'${clip(did, 120)}' is not a did:web address that can be looked up`);
  const [host, ...segments] = did.slice(8).split(":");
  return `https://${host.replace(/%3a/i, ":")}/${segments.join("/") || ".well-known"}/did.json`;
}

/**
 * The two parts of a key's name: the DID, and what follows the first #.
 * @param {string} methodId
 * @returns {[string, string]}
 */
export function splitMethod(methodId) {
  const place = methodId.indexOf("#");
  return place < 0 ? [methodId, ""] : [methodId.slice(0, place), methodId.slice(place + 1)];
}

/**
 * publicKeyMultibase and controller of a verification method that may make assertions, and its end if it has one.
 *
 * The method may be listed or embedded in assertionMethod, its key in any of the forms that key-forms.js knows.
 * There is no clock here: at that moment, a dateTimeStamp, the key ceases to be accepted. Source: Controlled Identifiers 1.0, 2.2
 * (expires) and 3.3 (Retrieve Verification Method). The fragment is only ever a name: a key written into it proves nothing.
 * Throws DidError.
 * @param {unknown} document
 * @param {string} methodId
 * @returns {[string, string, string | undefined]}
 */
export function findKey(document, methodId) {
  const [did, fragment] = splitMethod(methodId);
  if (!isObject(document) || document.id !== did || !fragment) {
    throw new DidError(`the key document found is not that of ${did}`);
  }
  const found = methods(document).filter((method) => isObject(method) && method.id === methodId);
  if (found.length !== 1) {
    throw new DidError(found.length ? `${did} lists the key #${fragment} twice` : `${did} lists no key #${fragment}`);
  }
  const allowed = listed(document, "assertionMethod").map((entry) => (isObject(entry) ? entry.id : entry));
  if (!allowed.includes(methodId)) {
    throw new DidError(`${did} does not let its key #${fragment} sign credentials (any more)`);
  }
  if (isGivenAway(found[0])) {
    throw new DidError(`${did} has published the secret half of its key #${fragment}, so anyone can sign with it`);
  }
  const { controller, expires } = found[0];
  const key = multibaseOf(found[0]);
  if (key === undefined || typeof controller !== "string" || (expires !== undefined && parseTimestamp(expires) === null)) {
    throw new DidError(`the key #${fragment} of ${did} is not in a form of Ed25519 key that is read here`);
  }
  if ("revoked" in found[0]) throw new DidError(`${did} has revoked its key #${fragment}`);
  return [key, controller, expires];
}

/**
 * The mailto address of the issuer's office that a DID document names; "" where it names none, several, or one of another form.
 * Source: Controlled Identifiers 1.0, 2.1.4 (Services).
 * @param {Record<string, any>} document
 * @returns {string}
 */
export function officeOf(document) {
  const [office, ...others] = listed(document, "service").filter((service) => isObject(service) && service.id === `${document.id}#office`);
  if (!office || others.length || office.type !== "https://schema.org/ContactPoint") return "";
  const mail = office.serviceEndpoint;
  return typeof mail === "string" && mail.length <= MAX_MAILTO && MAILTO.test(mail) ? mail : "";
}

/**
 * The verification methods of a DID document that could make assertions: those listed, and those embedded in assertionMethod.
 *
 * An object with an id alone is a reference. What is embedded as it is listed is there once; otherwise it is another method
 * of the same name.
 * @param {Record<string, any>} document
 */
function methods(document) {
  const found = listed(document, "verificationMethod");
  const known = found.map(formatJcs);
  const embedded = listed(document, "assertionMethod").filter((entry) => isObject(entry) && Object.keys(entry).join() !== "id");
  return [...found, ...embedded.filter((entry) => !known.includes(formatJcs(entry)))];
}

/**
 * @param {Record<string, any>} document
 * @param {string} name
 * @returns {any[]}
 */
function listed(document, name) {
  const entries = document[name];
  return Array.isArray(entries) ? entries : [];
}
