/**
 * The forms in which a verification method writes an Ed25519 public key. A new form is a function and a row here.
 *
 * Sources: Controlled Identifiers 1.0, 2.2 (one key only), 2.2.2 (Multikey), 2.2.3 (JsonWebKey); RFC 8037, 2 (OKP);
 * EdDSA Cryptosuite v2020 (Community Group report of 24 July 2022), Ed25519VerificationKey2020.
 */

import { EncodingError, isObject, parseBase64url } from "../../encoding.js";
import { formatPublicBytes } from "./multikey.js";

/** @typedef {Record<string, any>} Method */

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
  // A "d" is the signing key itself: whoever publishes that lets everybody sign.
  if (!isObject(key) || key.kty !== "OKP" || key.crv !== "Ed25519" || "d" in key || typeof key.x !== "string") return undefined;
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
