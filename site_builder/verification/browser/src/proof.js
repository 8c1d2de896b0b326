/**
 * Data Integrity proofs with the cryptosuite eddsa-jcs-2022.
 *
 * eddsa-rdfc-2022 needs a JSON-LD processor, which a page cannot afford: its proofs are not checked here.
 * Source: Data Integrity EdDSA Cryptosuites 1.0, 3.3; VC Data Integrity 1.0, 2.1 and 4.
 */

import { EncodingError, isObject, parseBase58btc, without } from "./encoding.js";
import { canonicalizeJcs } from "./jcs.js";

export const JCS = "eddsa-jcs-2022";
export const SUITES = [JCS];

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
 * @param {{publicKey: CryptoKey}} options
 */
export async function verifyProof(document, proof, { publicKey }) {
  if (proof.type !== "DataIntegrityProof" || !SUITES.includes(proof.cryptosuite)) {
    throw new ProofError("this proof is of a kind that is not checked here");
  }
  const value = proof.proofValue;
  if (typeof value !== "string" || !value.startsWith("z")) throw new ProofError("this proof has no proofValue in base58btc");
  const signature = decodeSignature(value.slice(1));
  const signed = await hashData(withoutProof(document), without(proof, "proofValue"));
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
 * Source: EdDSA Cryptosuites 3.3.3 to 3.3.5.
 * @param {Record<string, any>} document
 * @param {Record<string, any>} config
 */
export async function hashData(document, config) {
  checkProofContext(document, config);
  const hashes = await Promise.all([config, document].map((part) => crypto.subtle.digest("SHA-256", canonicalizeJcs(part))));
  return Uint8Array.from(hashes.flatMap((hash) => [...new Uint8Array(hash)]));
}

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
