/**
 * Checking proofs, the third step: who signed a document, and whether it is unchanged.
 *
 * Sources: VC Data Integrity 1.0, 4.2 and 4.4; Controlled Identifiers 1.0, 3.3.
 * site_builder/verification/proofs/signed.py is the same program.
 */

import { issuerIdOf } from "../../credentials/openbadges3/read.js";
import { importPublicKey } from "../../credentials/securing/data-integrity.js";
import { parseTimestamp } from "../../credentials/timestamps.js";
import { clip } from "../../encoding.js";
import { formatDate } from "../../wording.js";
import { finding, unsupported } from "../finding.js";
import { resolve } from "../resolve/table.js";
import { MECHANISMS } from "./table.js";

/** @typedef {import("../finding.js").Finding} Finding */
/** @typedef {import("../evidence/source.js").Fetch} Fetch */
/** @typedef {import("../../credentials/securing/data-integrity.js").Suites} Suites */
/** @typedef {import("./claimed.js").ClaimedProof} ClaimedProof */
/** @typedef {[string, Finding][]} Outcomes */

/**
 * What the proofs of a document say. proofs: suite and outcome of each. multibase: the key that was used, or "".
 * created: when the first proof that holds says that it was made, a dateTimeStamp, undefined where it does not say so.
 * @typedef {{signature: Finding, key: Finding, controller: Finding, proofs: Outcomes, multibase: string, created?: string}} ProofsFound
 */

/**
 * @param {Finding} signature
 * @param {Partial<ProofsFound>} [rest]
 * @returns {ProofsFound}
 */
const signedWith = (signature, rest = {}) => ({
  signature,
  key: finding("not_checked", "none"),
  controller: finding("not_checked", "not_checked"),
  proofs: [],
  multibase: "",
  ...rest,
});

/**
 * Whether the document is as its issuer signed it. securing: a name in MECHANISMS. suites: those that this verifier has loaded.
 * @param {Record<string, any>} document
 * @param {{securing: string, fetch: Fetch, suites: Suites, now: Date}} options
 * @returns {Promise<ProofsFound>}
 */
export async function checkSigned(document, { securing, fetch, suites, now }) {
  const mechanism = MECHANISMS[securing];
  const proofs = await mechanism.read(document, fetch);
  if (!Array.isArray(proofs)) return signedWith(proofs);
  const checkable = proofs.filter((proof) => !withoutCheck(proof, suites));
  const methods = new Set(checkable.map(({ method }) => method));
  // Those who sign one after the other have a key each.
  const isChain = methods.size > 1 && proofs.some(({ isChained }) => isChained);
  if (methods.size === 0 || isChain) return signedWith(noSuite(proofs, suites), { proofs: unchecked(proofs, suites) });
  // An issuer signs with one key at a time; two keys in one set would need two verdicts.
  if (methods.size > 1) return signedWith(finding("failed", "bad_proof"));
  const key = await resolve([...methods][0], fetch, now);
  if ("result" in key) return signedWith(finding("could_not_check", "no_key"), { key, proofs: unchecked(proofs, suites) });
  const created = checkable.find((proof) => proof.created)?.created;
  const rest = { key: key.passed, controller: checkController(document, key), multibase: key.multibase, created };
  const publicKey = await importPublicKey(key.raw);
  if (!publicKey) return signedWith(finding("could_not_check", "no_crypto"), { ...rest, proofs: unchecked(proofs, new Map()) });
  /** @type {Outcomes} */
  const outcomes = [];
  for (const proof of proofs) outcomes.push([proof.suite, await checkProof(document, proof, mechanism, { publicKey, suites, now })]);
  return signedWith(signatureOf(outcomes), { ...rest, proofs: outcomes });
}

/**
 * Why none of the proofs can be checked: another kind, or a checker that could not be loaded.
 * @param {ClaimedProof[]} proofs
 * @param {Suites} suites
 */
function noSuite(proofs, suites) {
  const isWanting = proofs.some(({ suite }) => suites.get(suite) === null);
  return isWanting ? finding("could_not_check", "not_loaded") : unsupported("proof-type", "no_suite");
}

/**
 * @param {ClaimedProof[]} proofs
 * @param {Suites} suites
 * @returns {Outcomes}
 */
const unchecked = (proofs, suites) =>
  proofs.map((proof) => [proof.suite, withoutCheck(proof, suites) ?? proofFinding(proof, "not_checked", "no_key")]);

/**
 * What is said of a proof that is not checked here; undefined of one that is.
 * @param {ClaimedProof} proof
 * @param {Suites} suites
 */
function withoutCheck(proof, suites) {
  if (!suites.has(proof.suite)) return proofFinding(proof, "not_checked", "not_checked");
  const reason = suites.get(proof.suite) ? proof.isChained && "chained" : "not_loaded";
  return reason ? proofFinding(proof, "could_not_check", reason) : undefined;
}

/**
 * @param {ClaimedProof} proof
 * @param {import("../finding.js").Outcome} result
 * @param {string} reason
 * @param {Record<string, string>} [values]
 */
const proofFinding = ({ suite }, result, reason, values) => finding(result, reason, { suite: clip(suite, 40), ...values });

/**
 * @param {Record<string, any>} document
 * @param {ClaimedProof} proof
 * @param {import("./table.js").Mechanism} mechanism
 * @param {{publicKey: CryptoKey, suites: Suites, now: Date}} options
 */
async function checkProof(document, proof, mechanism, options) {
  const found = withoutCheck(proof, options.suites);
  if (found) return found;
  if (!(await mechanism.holds(document, proof, options))) return proofFinding(proof, "failed", "failed");
  const end = parseTimestamp(proof.expires);
  if (end === null || options.now.getTime() <= end) return proofFinding(proof, "passed", "passed");
  return proofFinding(proof, "failed", "ended", { date: formatDate(String(proof.expires)) });
}

/**
 * At least one proof must be checked, and every proof of a suite that this verifier has loaded must hold.
 * @param {Outcomes} outcomes
 */
function signatureOf(outcomes) {
  const failed = outcomes.map(([, found]) => found).filter(({ result }) => result === "failed");
  // Of a proof that does not hold, the end means nothing either.
  if (failed.length) return failed.find(({ reason }) => reason === "failed") ?? failed[0];
  const passed = outcomes.filter(([, { result }]) => result === "passed").map(([suite]) => suite);
  return finding("passed", "passed", { suites: passed.join(", ") });
}

/**
 * Whether the key belongs to the issuer that the document names.
 * @param {Record<string, any>} document
 * @param {import("../resolve/key.js").ResolvedKey} key
 */
function checkController(document, { controller, did, passed }) {
  const word = controller === did && did === issuerIdOf(document) ? "passed" : "failed";
  return finding(word, word, { did: clip(controller, 120) }, passed.source);
}
