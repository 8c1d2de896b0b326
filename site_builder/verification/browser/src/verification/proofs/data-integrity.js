/**
 * Documents secured by Data Integrity: the proofs that they claim, and whether each holds.
 *
 * Source: VC Data Integrity 1.0, 2.1, 4.4, 4.5.
 */

import { hasRightOptions, isChained, proofHolds, proofsOf } from "../../credentials/securing/data-integrity.js";
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
  if (proofs.length > MAX_PROOFS || !proofs.every((proof) => isComplete(document, proof))) return finding("failed", "bad_proof");
  return proofs.map((proof) => {
    const { cryptosuite: suite, verificationMethod: method, created, expires } = proof;
    return { suite, method, proof, created, expires, isChained: isChained(proof) };
  });
}

/**
 * @param {Record<string, any>} document
 * @param {Record<string, any>} proof
 */
function isComplete(document, proof) {
  const words = [proof.type, proof.cryptosuite, proof.verificationMethod, proof.proofValue];
  const hasWords = words.every((word) => typeof word === "string") && proof.proofPurpose === "assertionMethod";
  return hasWords && hasRightOptions(document, proof);
}

/**
 * Whether a proof holds for the document that carries it.
 * @param {Record<string, any>} document
 * @param {ClaimedProof} claimed
 * @param {{publicKey: CryptoKey, suites: import("../../credentials/securing/data-integrity.js").Suites}} options
 */
export const holds = (document, { proof }, options) => proofHolds(document, proof, options);
