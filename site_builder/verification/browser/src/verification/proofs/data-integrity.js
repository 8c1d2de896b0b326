/**
 * Documents secured by Data Integrity: the proofs that they claim, and whether each holds.
 *
 * Source: VC Data Integrity 1.0, 2.1, 4.2, 4.4.
 */

import { ProofError, proofsOf, verifyProof } from "../../credentials/securing/data-integrity.js";
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
  if (proofs.length > MAX_PROOFS || !proofs.every(isComplete)) return finding("failed", "bad_proof");
  return proofs.map((proof) => ({ suite: proof.cryptosuite, method: proof.verificationMethod, proof }));
}

/** @param {Record<string, any>} proof */
function isComplete(proof) {
  const words = [proof.type, proof.cryptosuite, proof.verificationMethod, proof.proofValue, proof.created];
  // Laurels sets no end to a proof; one that another issuer set is not passed over.
  const isEndless = !("expires" in proof);
  return words.every((word) => typeof word === "string") && proof.proofPurpose === "assertionMethod" && isEndless;
}

/**
 * Whether a proof holds for the document that carries it.
 * @param {Record<string, any>} document
 * @param {ClaimedProof} claimed
 * @param {{publicKey: CryptoKey, suites: import("../../credentials/securing/data-integrity.js").Suites}} options
 */
export async function holds(document, { proof }, options) {
  try {
    await verifyProof(document, proof, options);
    return true;
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    return false;
  }
}
