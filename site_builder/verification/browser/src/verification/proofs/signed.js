/**
 * Checking proofs, the third step: who signed a document, and whether it is unchanged.
 *
 * Sources: VC Data Integrity 1.0, 4.2 and 4.4; Controlled Identifiers 1.0, 3.3.
 * site_builder/verification/proofs/signed.py is the same program.
 */

import { issuerIdOf } from "../../credentials/openbadges3/read.js";
import { importPublicKey } from "../../credentials/securing/data-integrity.js";
import { clip } from "../../encoding.js";
import { finding } from "../finding.js";
import { resolve } from "../resolve/table.js";
import { MECHANISMS } from "./table.js";

/** @typedef {import("../finding.js").Finding} Finding */
/** @typedef {import("../evidence/source.js").Fetch} Fetch */
/** @typedef {import("../../credentials/securing/data-integrity.js").Suites} Suites */
/** @typedef {import("./claimed.js").ClaimedProof} ClaimedProof */
/** @typedef {[string, Finding][]} Outcomes */

/**
 * What the proofs of a document say. proofs: suite and outcome of each. multibase: the key that was used, or "".
 * @typedef {{signature: Finding, key: Finding, controller: Finding, proofs: Outcomes, multibase: string}} ProofsFound
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
 * @param {{securing: string, fetch: Fetch, suites: Suites}} options
 * @returns {Promise<ProofsFound>}
 */
export async function checkSigned(document, { securing, fetch, suites }) {
  const mechanism = MECHANISMS[securing];
  const proofs = await mechanism.read(document, fetch);
  if (!Array.isArray(proofs)) return signedWith(proofs);
  const methods = new Set(proofs.filter(({ suite }) => suites.get(suite)).map(({ method }) => method));
  if (methods.size === 0) return signedWith(noSuite(proofs, suites), { proofs: unchecked(proofs, suites) });
  // An issuer signs with one key at a time; two keys in one set would need two verdicts.
  if (methods.size > 1) return signedWith(finding("failed", "bad_proof"));
  const key = await resolve([...methods][0], fetch);
  if ("result" in key) return signedWith(finding("could_not_check", "no_key"), { key, proofs: unchecked(proofs, suites) });
  const rest = { key: key.passed, controller: checkController(document, key), multibase: key.multibase };
  const publicKey = await importPublicKey(key.raw);
  if (!publicKey) return signedWith(finding("could_not_check", "no_crypto"), { ...rest, proofs: unchecked(proofs, new Map()) });
  /** @type {Outcomes} */
  const outcomes = [];
  for (const proof of proofs) outcomes.push([proof.suite, await checkProof(document, proof, mechanism, { publicKey, suites })]);
  return signedWith(signatureOf(outcomes), { ...rest, proofs: outcomes });
}

/**
 * Why none of the proofs can be checked: another kind, or a checker that could not be loaded.
 * @param {ClaimedProof[]} proofs
 * @param {Suites} suites
 */
function noSuite(proofs, suites) {
  const isWanting = proofs.some(({ suite }) => suites.get(suite) === null);
  return finding("could_not_check", isWanting ? "not_loaded" : "no_suite");
}

/**
 * @param {ClaimedProof[]} proofs
 * @param {Suites} suites
 * @returns {Outcomes}
 */
const unchecked = (proofs, suites) =>
  proofs.map(({ suite }) => [suite, suites.get(suite) ? proofFinding(suite, "not_checked", "no_key") : withoutSuite(suite, suites)]);

/**
 * What is said of a proof whose suite is not here.
 * @param {string} suite
 * @param {Suites} suites
 */
const withoutSuite = (suite, suites) =>
  suites.has(suite) ? proofFinding(suite, "could_not_check", "not_loaded") : proofFinding(suite, "not_checked", "not_checked");

/**
 * @param {string} suite
 * @param {import("../finding.js").Outcome} result
 * @param {string} reason
 */
const proofFinding = (suite, result, reason) => finding(result, reason, { suite: clip(suite, 40) });

/**
 * @param {Record<string, any>} document
 * @param {ClaimedProof} proof
 * @param {import("./table.js").Mechanism} mechanism
 * @param {{publicKey: CryptoKey, suites: Suites}} options
 */
async function checkProof(document, proof, mechanism, options) {
  if (!options.suites.get(proof.suite)) return withoutSuite(proof.suite, options.suites);
  const word = (await mechanism.holds(document, proof, options)) ? "passed" : "failed";
  return proofFinding(proof.suite, word, word);
}

/**
 * At least one proof must be checked, and every proof of a suite that this verifier has loaded must hold.
 * @param {Outcomes} outcomes
 */
function signatureOf(outcomes) {
  if (outcomes.some(([, { result }]) => result === "failed")) return finding("failed", "failed");
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
