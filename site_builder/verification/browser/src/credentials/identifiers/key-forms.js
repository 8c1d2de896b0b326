/**
 * The forms in which a verification method writes an Ed25519 public key. A new form is a function and a row here.
 *
 * Sources: Controlled Identifiers 1.0, 2.2 (one key only), 2.2.2 (Multikey), 2.2.3 (JsonWebKey); RFC 8037, 2 (OKP);
 * EdDSA Cryptosuite v2020 (Community Group report of 24 July 2022), Ed25519VerificationKey2020.
 */

import { EncodingError, isObject, parseBase64url } from "../../encoding.js";
import { formatPublicBytes } from "./multikey.js";

/** @typedef {Record<string, any>} Method */

// Where the secret half of a key would be. Sources: Controlled Identifiers 1.0, 2.2.2 and 2.2.3 (secretKey…), Ed25519VerificationKey2020
// and older documents (privateKey…).
const SECRETS = ["secretKeyMultibase", "secretKeyJwk", "privateKeyMultibase", "privateKeyJwk"];

/**
 * Whether a verification method has the secret half of its key in it, too: anyone can sign with that.
 * @param {Method} method
 */
export const isGivenAway = (method) =>
  SECRETS.some((name) => name in method) || (isObject(method.publicKeyJwk) && "d" in method.publicKeyJwk);

/**
 * The public key of a verification method as publicKeyMultibase, not yet judged; undefined where its form is not one of these.
 * @param {Method} method
 * @returns {string | undefined}
 */
export function multibaseOf(method) {
  // With two keys in one method, each verifier could take another one.
  return "publicKeyMultibase" in method && "publicKeyJwk" in method ? undefined : FORMS.get(method.type)?.(method);
}

/** @param {Method} method */
const multibase = ({ publicKeyMultibase: key }) => (typeof key === "string" ? key : undefined);

/** @param {Method} method */
function jwk({ publicKeyJwk: key }) {
  if (!isObject(key) || key.kty !== "OKP" || key.crv !== "Ed25519" || typeof key.x !== "string") return undefined;
  try {
    const raw = parseBase64url(key.x);
    return raw.length === 32 ? formatPublicBytes(raw) : undefined;
  } catch (error) {
    if (error instanceof EncodingError) return undefined;
    throw error;
  }
}

/**
 * By the type of the verification method.
 * @type {Map<unknown, (method: Method) => string | undefined>}
 */
const FORMS = new Map([
  ["Multikey", multibase],
  ["Ed25519VerificationKey2020", multibase],
  ["JsonWebKey", jwk],
  ["JsonWebKey2020", jwk],
]);
