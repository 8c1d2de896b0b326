/**
 * Data Integrity proofs. The cryptosuite eddsa-jcs-2022 is here; others are handed in by who has loaded them.
 *
 * Source: Data Integrity EdDSA Cryptosuites 1.0, 3.2 and 3.3; VC Data Integrity 1.0, 2.1 and 4.
 */

import { EncodingError, isObject, parseBase58btc, without } from "../../encoding.js";
import { parseTimestamp } from "../timestamps.js";
import { canonicalizeJcs } from "./jcs.js";

// The type of every proof of this mechanism.
export const DATA_INTEGRITY = "DataIntegrityProof";
export const JCS = "eddsa-jcs-2022";
export const RDFC = "eddsa-rdfc-2022";

/**
 * A cryptosuite: the canonical bytes of a proof's configuration and of the document, in this order.
 * It throws EncodingError, or an error of the name CanonicalizationError, for a document that has none.
 * @typedef {Uint8Array<ArrayBuffer>[]} Canonical
 * @typedef {(document: Record<string, any>, config: Record<string, any>) => Canonical | Promise<Canonical>} Suite
 */

/**
 * The cryptosuites of a verifier, by name; null for one that was wanted and could not be loaded.
 * @typedef {Map<string, Suite | null>} Suites
 */

/**
 * The key as the browser's own cryptography takes it; null where there is none, or none that knows Ed25519.
 * @param {Uint8Array<ArrayBuffer>} raw
 */
export async function importPublicKey(raw) {
  try {
    return await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
  } catch {
    // An old browser, or a page that came without https (crypto.subtle is missing then). Unsound keys never get here.
    return null;
  }
}

/**
 * Whether a proof holds for the document (with or without its proofs). Why not, the Python program says.
 *
 * `expires` is not compared with anything: there is no clock here. Source: EdDSA Cryptosuites 3.3.2.
 * @param {Record<string, any>} document
 * @param {Record<string, any>} proof
 * @param {{publicKey: CryptoKey, suites: Suites}} options
 */
export async function proofHolds(document, proof, { publicKey, suites }) {
  const { type, cryptosuite, proofValue: value } = proof;
  const suite = suites.get(cryptosuite);
  const isChecked = type === DATA_INTEGRITY && suite && hasSoundTimes(proof) && !isChained(proof);
  if (!isChecked || typeof value !== "string" || !value.startsWith("z")) return false;
  try {
    const signature = parseBase58btc(value.slice(1), { maxCharacters: 90 });
    const signed = await hashData(withoutProof(document), without(proof, "proofValue"), suite);
    return await crypto.subtle.verify("Ed25519", publicKey, signature, signed);
  } catch (error) {
    if (error instanceof EncodingError || (error instanceof Error && error.name === "CanonicalizationError")) return false;
    throw error;
  }
}

/**
 * Whether created and expires are times, where a proof states them. Both may be left out.
 *
 * Source: EdDSA Cryptosuites 3.2.5, 3.3.5 (created); VC Data Integrity 1.0, 2.1 (expires).
 * @param {Record<string, any>} proof
 */
export const hasSoundTimes = (proof) =>
  ["created", "expires"].every((name) => !(name in proof) || parseTimestamp(proof[name]) !== null);

/**
 * Whether the proofs that a proof follows, if any, are proofs of the document. Source: VC Data Integrity 1.0, 4.5 (previousProof).
 * @param {Record<string, any>} document
 * @param {Record<string, any>} proof
 */
export function hasItsPrevious(document, proof) {
  if (!isChained(proof)) return true;
  const named = [proof.previousProof].flat();
  return named.length > 0 && named.every((name) => typeof name === "string" && proofsOf(document).some(({ id }) => id === name));
}

/**
 * Whether a proof follows others of its document, and signs those too. Source: VC Data Integrity 1.0, 2.1.2 (Proof Chains).
 * @param {Record<string, any>} proof
 */
export const isChained = (proof) => "previousProof" in proof;

/**
 * The document that its proofs sign: each proof signs everything but the proofs.
 * @param {Record<string, any>} document
 */
export const withoutProof = (document) => without(document, "proof");

/**
 * The proofs of a document, as a list whatever its form.
 * @param {Record<string, any>} document
 * @returns {Record<string, any>[]}
 */
export const proofsOf = (document) => [document.proof].flat(1).filter(isObject);

/**
 * The 64 bytes that are signed: SHA-256 of the canonical proof configuration, then of the canonical document.
 * Source: EdDSA Cryptosuites 3.2.3 to 3.2.5, 3.3.3 to 3.3.5.
 * @param {Record<string, any>} document
 * @param {Record<string, any>} config
 * @param {Suite} suite
 */
async function hashData(document, config, suite) {
  const parts = await suite(document, config);
  const hashes = await Promise.all(parts.map((part) => crypto.subtle.digest("SHA-256", part)));
  return new Blob(hashes).arrayBuffer();
}

/**
 * Source: EdDSA Cryptosuites 3.3.2, step 4. We ask for equality where the suite asks for a common beginning: contexts that
 * a proof does not cover could rename what it does.
 * @type {Suite}
 */
function canonicalizeWithJcs(document, config) {
  if ("@context" in config && !isSameList(config["@context"], document["@context"])) {
    throw new EncodingError("the proof was made for other JSON-LD contexts than the document has");
  }
  return [canonicalizeJcs(config), canonicalizeJcs(document)];
}

/**
 * What comes with every page.
 * @type {Suites}
 */
export const SUITES = new Map([[JCS, canonicalizeWithJcs]]);

/**
 * Whether a JSON value is a list of exactly these texts, in this order.
 * @param {unknown} value
 * @param {string[]} texts
 */
export const isSameList = (value, texts) =>
  Array.isArray(value) && value.length === texts.length && value.every((item, index) => item === texts[index]);
