/**
 * Checking proofs, the third step: who signed a document, and whether it is unchanged.
 *
 * Sources: VC Data Integrity 1.0, 4.2 and 4.4; Controlled Identifiers 1.0, 3.3.
 * site_builder/verification/proofs/signed.py is the same program.
 */

import { splitMethod } from "../../credentials/identifiers/did-web.js";
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
/** @typedef {import("../resolve/key.js").ResolvedKey} ResolvedKey */
/** @typedef {[string, Finding][]} Outcomes */

/**
 * What the proofs of a document say. proofs: suite and outcome of each. multibases: the keys that were used.
 * created: when the first proof that was checked says that it was made, a dateTimeStamp, undefined where none says so.
 * office: the mailto address of the office of the issuer whose keys were used, "" for none.
 * @typedef {{signature: Finding, key: Finding, controller: Finding, proofs: Outcomes, multibases: string[], created?: string,
 *   office: string}} ProofsFound
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
  multibases: [],
  office: "",
  ...rest,
});

/**
 * Whether the document is as its issuer signed it.
 *
 * Of a proof set, every proof by a key of the issuer counts, each checked with its own key. What others have added is no word of
 * the issuer's: it is listed as not checked, and nobody else's domain is asked for it.
 * securing: a name in MECHANISMS. suites: those that this verifier has loaded.
 * @param {Record<string, any>} document
 * @param {{securing: string, fetch: Fetch, suites: Suites, now: Date}} options
 * @returns {Promise<ProofsFound>}
 */
export async function checkSigned(document, { securing, fetch, suites, now }) {
  const mechanism = MECHANISMS[securing];
  const proofs = await mechanism.read(document, fetch);
  if (!Array.isArray(proofs)) return signedWith(proofs);
  const complaint = proofs.find((proof) => proof.complaint && suites.has(proof.suite))?.complaint;
  if (complaint) return signedWith(finding("failed", complaint));
  const signer = signerOf(document, proofs, suites);
  const checked = proofs.filter((proof) => !withoutCheck(proof, suites, signer));
  if (checked.length === 0) return signedWith(noSuite(proofs, suites), { proofs: unchecked(proofs, suites, signer) });
  /** @type {Map<string, ResolvedKey>} */
  const keys = new Map();
  for (const { method } of checked) {
    // All lie in one document, so that the first that cannot be had says enough.
    const key = keys.get(method) ?? (await resolve(method, fetch, now));
    if ("result" in key) return signedWith(finding("could_not_check", "no_key"), { key, proofs: unchecked(proofs, suites, signer) });
    keys.set(method, key);
  }
  const created = checked.find((proof) => proof.created)?.created;
  const multibases = [...keys.values()].map(({ multibase }) => multibase);
  const controller = checkController(document, keys);
  // Whoever is not the issuer has no say in where its mail goes. All keys lie in one document.
  const office = controller.result === "passed" ? [...keys.values()][0].office : "";
  const rest = { key: keyFinding(keys), controller, multibases, created, office };
  /** @type {Outcomes} */
  const outcomes = [];
  for (const proof of proofs) {
    let found = withoutCheck(proof, suites, signer);
    if (!found) {
      const publicKey = await importPublicKey(/** @type {ResolvedKey} */ (keys.get(proof.method)).raw);
      if (!publicKey) return signedWith(finding("could_not_check", "no_crypto"), { ...rest, proofs: unchecked(proofs, new Map()) });
      found = await checkProof(document, proof, mechanism, { publicKey, suites, now });
    }
    outcomes.push([proof.suite, found]);
  }
  return signedWith(signatureOf(outcomes), { ...rest, proofs: outcomes });
}

/**
 * The DID whose keys are asked for: the issuer's if a proof names it, else that of the first proof, which then is refused by name.
 *
 * The issuer's proof may be of a suite that is yet to be loaded: a stranger's beside it is no reason to refuse anything.
 * @param {Record<string, any>} document
 * @param {ClaimedProof[]} proofs
 * @param {Suites} suites
 */
function signerOf(document, proofs, suites) {
  const issuer = issuerIdOf(document);
  const named = proofs.map(didOf).includes(issuer) ? issuer : undefined;
  return named ?? proofs.filter((proof) => !withoutCheck(proof, suites)).map(didOf)[0] ?? "";
}

/** @param {ClaimedProof} proof */
const didOf = ({ method }) => splitMethod(method)[0];

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
 * @param {string} [signer]
 * @returns {Outcomes}
 */
const unchecked = (proofs, suites, signer) =>
  proofs.map((proof) => [proof.suite, withoutCheck(proof, suites, signer) ?? proofFinding(proof, "not_checked", "no_key")]);

/**
 * What is said of a proof that is not checked here; undefined of one that is. signer: the only one whose proofs are.
 * @param {ClaimedProof} proof
 * @param {Suites} suites
 * @param {string} [signer]
 */
function withoutCheck(proof, suites, signer = didOf(proof)) {
  if (!suites.has(proof.suite)) return proofFinding(proof, "not_checked", "not_checked");
  const reason = suites.get(proof.suite) ? proof.isChained && "chained" : "not_loaded";
  if (reason) return proofFinding(proof, "could_not_check", reason);
  return signer === didOf(proof) ? undefined : proofFinding(proof, "not_checked", "another");
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
  const passed = new Set(outcomes.filter(([, { result }]) => result === "passed").map(([suite]) => suite));
  return finding("passed", "passed", { suites: [...passed].join(", ") });
}

/**
 * What is said of the keys together: each of them is listed.
 * @param {Map<string, ResolvedKey>} keys
 */
function keyFinding(keys) {
  const found = [...keys.values()].map(({ passed }) => passed);
  if (found.length === 1) return found[0];
  const names = found.map(({ values }) => `#${values.key}`).join(", ");
  return finding("passed", "passed_all", { keys: names, domain: found[0].values.domain }, found[0].source);
}

/**
 * Whether the keys belong to the issuer that the document names: one that does not is told of.
 * @param {Record<string, any>} document
 * @param {Map<string, ResolvedKey>} keys
 */
function checkController(document, keys) {
  const issuer = issuerIdOf(document);
  const all = [...keys.values()];
  const other = all.find(({ controller, did }) => controller !== did || did !== issuer);
  const { controller, passed } = other ?? all[0];
  const word = other ? "failed" : "passed";
  return finding(word, word, { did: clip(controller, 120) }, passed.source);
}
