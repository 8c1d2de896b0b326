/**
 * Documents secured by Data Integrity: the proofs that they claim, and whether each holds.
 *
 * Source: VC Data Integrity 1.0, 2.1, 4.4, 4.5.
 */

import { DATA_INTEGRITY, hasItsPrevious, hasSoundTimes, isChained, proofHolds, proofsOf } from "../../credentials/securing/data-integrity.js";
import { finding } from "../finding.js";

/** @typedef {import("./claimed.js").ClaimedProof} ClaimedProof */

const MAX_PROOFS = 8;

/**
 * The proofs that a document claims, at least one; or the finding that refuses them, all together.
 * @param {Record<string, any>} document
 * @returns {ClaimedProof[] | import("../finding.js").Finding}
 */
export function readProofs(document) {
  const proofs = proofsOf(document);
  if (proofs.length === 0) return finding("failed", "no_proof");
  if (proofs.length > MAX_PROOFS || !proofs.every((proof) => isText(suiteOf(proof)))) return finding("failed", "bad_proof");
  if (!proofs.every((proof) => hasItsPrevious(document, proof))) return finding("failed", "bad_previous");
  return proofs.map((proof) => {
    const { verificationMethod: method, created, expires } = proof;
    const complaint = complaintOf(proof);
    const times = complaint ? {} : { created, expires };
    return { suite: suiteOf(proof), method: isText(method) ? method : "", proof, ...times, isChained: isChained(proof), complaint };
  });
}

/**
 * @param {unknown} value
 * @returns {value is string}
 */
const isText = (value) => typeof value === "string";

/**
 * What tells one kind of proof from another. Source: VC Data Integrity 1.0, 2.1 (type, cryptosuite).
 * @param {Record<string, any>} proof
 */
const suiteOf = ({ type, cryptosuite }) => (type === DATA_INTEGRITY ? cryptosuite : type);

/** @param {Record<string, any>} proof */
function complaintOf(proof) {
  const { type, verificationMethod, proofPurpose, proofValue } = proof;
  // Another type may call itself as a suite is called.
  const isOurs = type === DATA_INTEGRITY && proofPurpose === "assertionMethod";
  if (!isOurs || !isText(verificationMethod) || !isText(proofValue)) return "bad_proof";
  return hasSoundTimes(proof) ? "" : "bad_time";
}

/**
 * Whether a proof holds for the document that carries it.
 * @param {Record<string, any>} document
 * @param {ClaimedProof} claimed
 * @param {{publicKey: CryptoKey, suites: import("../../credentials/securing/data-integrity.js").Suites}} options
 */
export const holds = (document, { proof }, options) => proofHolds(document, proof, options);
