/**
 * Data Integrity proofs. The cryptosuite eddsa-jcs-2022 is here; others are handed in by who has loaded them.
 *
 * Source: Data Integrity EdDSA Cryptosuites 1.0, 3.2 and 3.3; VC Data Integrity 1.0, 2.1 and 4.
 */

import { EncodingError, isObject, parseBase58btc, without } from "../../encoding.js";
import { canonicalizeJcs } from "./jcs.js";

export const CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2";
export const OPEN_BADGES_3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";

// The type of every proof of this mechanism.
export const DATA_INTEGRITY = "DataIntegrityProof";
export const JCS = "eddsa-jcs-2022";
export const RDFC = "eddsa-rdfc-2022";

/**
 * A cryptosuite: the canonical bytes of a proof's configuration and of the document, in this order.
 * It throws ProofError, or an error of the name CanonicalizationError, for a document that has none.
 * @typedef {Uint8Array<ArrayBuffer>[]} Canonical
 * @typedef {(document: Record<string, any>, config: Record<string, any>) => Canonical | Promise<Canonical>} Suite
 */

/**
 * The cryptosuites of a verifier, by name; null for one that was wanted and could not be loaded.
 * @typedef {Map<string, Suite | null>} Suites
 */

/** A proof that does not hold, with the reason. */
export class ProofError extends Error {}

/**
 * The key as the browser's own cryptography takes it; null where there is none, or none that knows Ed25519.
 * @param {Uint8Array<ArrayBuffer>} raw
 */
export async function importPublicKey(raw) {
  try {
    return await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    // An old browser, or a page that came without https (crypto.subtle is missing then). Unsound keys never get here.
    return null;
  }
}

/**
 * Resolves when the proof holds for the document (with or without its proofs). Throws ProofError.
 * Source: EdDSA Cryptosuites 3.3.2.
 * @param {Record<string, any>} document
 * @param {Record<string, any>} proof
 * @param {{publicKey: CryptoKey, suites?: Suites}} options
 */
export async function verifyProof(document, proof, { publicKey, suites = SUITES }) {
  const suite = suites.get(proof.cryptosuite);
  if (proof.type !== DATA_INTEGRITY || !suite) {
    throw new ProofError("this proof is of a kind that is not checked here");
  }
  const value = proof.proofValue;
  if (typeof value !== "string" || !value.startsWith("z")) throw new ProofError("this proof has no proofValue in base58btc");
  const signature = decodeSignature(value.slice(1));
  const signed = await hashData(withoutProof(document), without(proof, "proofValue"), suite);
  if (!(await crypto.subtle.verify({ name: "Ed25519" }, publicKey, signature, signed))) {
    throw new ProofError("the signature does not fit: something was changed after signing");
  }
}

/** @param {string} text */
function decodeSignature(text) {
  try {
    return parseBase58btc(text, { maxCharacters: 90 });
  } catch (error) {
    if (error instanceof EncodingError) throw new ProofError(error.message);
    throw error;
  }
}

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
  const parts = await canonicalParts(document, config, suite);
  const hashes = await Promise.all(parts.map((part) => crypto.subtle.digest("SHA-256", part)));
  return Uint8Array.from(hashes.flatMap((hash) => [...new Uint8Array(hash)]));
}

/**
 * @param {Record<string, any>} document
 * @param {Record<string, any>} config
 * @param {Suite} suite
 */
async function canonicalParts(document, config, suite) {
  try {
    return await suite(document, config);
  } catch (error) {
    if (error instanceof Error && error.name === "CanonicalizationError") throw new ProofError(error.message);
    throw error;
  }
}

/** @type {Suite} */
function canonicalizeWithJcs(document, config) {
  checkProofContext(document, config);
  return [canonicalizeJcs(config), canonicalizeJcs(document)];
}

/**
 * What comes with every page.
 * @type {Suites}
 */
export const SUITES = new Map([[JCS, canonicalizeWithJcs]]);

/**
 * Source: EdDSA Cryptosuites 3.3.2, step 4. We ask for equality where the suite asks for a common beginning: contexts that
 * a proof does not cover could rename what it does.
 * @param {Record<string, any>} document
 * @param {Record<string, any>} config
 */
function checkProofContext(document, config) {
  if ("@context" in config && !isSameList(config["@context"], document["@context"])) {
    throw new ProofError("the proof was made for other JSON-LD contexts than the document has");
  }
}

/**
 * Whether a JSON value is a list of exactly these texts, in this order.
 * @param {unknown} value
 * @param {string[]} texts
 */
export const isSameList = (value, texts) =>
  Array.isArray(value) && value.length === texts.length && value.every((item, index) => item === texts[index]);
