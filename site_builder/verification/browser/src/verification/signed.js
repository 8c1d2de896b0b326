/**
 * Who signed a document, and whether it is unchanged: proofs, key and controller. The same program as ../../signed.py.
 *
 * Sources: VC Data Integrity 1.0, 4.2 and 4.4; Controlled Identifiers 1.0, 3.3.
 */

import { DidError, didDocumentUrl, findKey, isDidWeb, splitMethod } from "../credentials/identifiers/did-web.js";
import { EncodingError, clip, isObject, parseJson } from "../encoding.js";
import { KeyTextError, parsePublicKey } from "../credentials/identifiers/multikey.js";
import { ProofError, importPublicKey, proofsOf, verifyProof } from "../credentials/securing/data-integrity.js";

const MAX_PROOFS = 8;
// No user name before the host: a sentence about harbour.example.org@elsewhere.example would mislead.
const HTTPS_HOST = /^https:\/\/([A-Za-z0-9.-]+(?::[0-9]{1,5})?)(?=[/?#]|$)/;

/** Something could not be fetched. It says nothing about the credential. */
export class FetchError extends Error {}

/** @typedef {(url: string) => Promise<Uint8Array>} Fetch */
/** @typedef {import("../credentials/securing/data-integrity.js").Suites} Suites */

/**
 * The outcome of one check: reason and values name a sentence of words.json. source: where the evidence came from.
 * @typedef {{result: import("./report.js").Result, reason: string, values: Record<string, string>, source: string}} Finding
 */

/**
 * What the proofs of a document say. proofs: suite and outcome of each. multibase: the key that was used, or "".
 * @typedef {{signature: Finding, key: Finding, controller: Finding, proofs: [string, Finding][], multibase: string}} Signed
 */

/**
 * A finding.
 * @param {import("./report.js").Result} result
 * @param {string} reason
 * @param {Record<string, string>} [values]
 * @param {string} [source]
 * @returns {Finding}
 */
export const finding = (result, reason, values = {}, source = "") => ({ result, reason, values, source });

/**
 * @param {Finding} signature
 * @param {Partial<Signed>} [rest]
 * @returns {Signed}
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
 * The issuer's id, whether the issuer is an object or just an address; "" when there is none.
 * @param {Record<string, any>} document
 * @returns {string}
 */
export function issuerOf(document) {
  const identifier = isObject(document.issuer) ? document.issuer.id : document.issuer;
  return typeof identifier === "string" ? identifier : "";
}

/**
 * The host that an https address or a did:web belongs to; "" for anything else.
 * @param {string} address
 */
export const domainOf = (address) => HTTPS_HOST.exec(isDidWeb(address) ? didDocumentUrl(address) : address)?.[1] ?? "";

/**
 * Whether the document is as its issuer signed it. suites: the cryptosuites that this verifier has loaded.
 * @param {Record<string, any>} document
 * @param {{fetch: Fetch, suites: Suites}} options
 * @returns {Promise<Signed>}
 */
export async function checkSigned(document, { fetch, suites }) {
  const proofs = proofsOf(document);
  if (proofs.length === 0) return signedWith(finding("failed", "no_proof"));
  if (proofs.length > MAX_PROOFS || !proofs.every(isComplete)) return signedWith(finding("failed", "bad_proof"));
  const methods = new Set(proofs.filter((proof) => suites.get(proof.cryptosuite)).map((proof) => proof.verificationMethod));
  if (methods.size === 0) return signedWith(noSuite(proofs, suites), { proofs: unchecked(proofs, suites) });
  // An issuer signs with one key at a time; two keys in one set would need two verdicts.
  if (methods.size > 1) return signedWith(finding("failed", "bad_proof"));
  return checkWithKey(document, proofs, [...methods][0], { fetch, suites });
}

/** @param {Record<string, any>} proof */
function isComplete(proof) {
  const words = [proof.type, proof.cryptosuite, proof.verificationMethod, proof.proofValue, proof.created];
  // Laurels sets no end to a proof; one that another issuer set is not passed over.
  const isEndless = !("expires" in proof);
  return words.every((word) => typeof word === "string") && proof.proofPurpose === "assertionMethod" && isEndless;
}

/**
 * Why none of the proofs can be checked: another kind, or a checker that could not be loaded.
 * @param {Record<string, any>[]} proofs
 * @param {Suites} suites
 */
function noSuite(proofs, suites) {
  const isWanting = proofs.some((proof) => suites.get(proof.cryptosuite) === null);
  return finding("could_not_check", isWanting ? "not_loaded" : "no_suite");
}

/**
 * @param {Record<string, any>[]} proofs
 * @param {Suites} suites
 * @returns {[string, Finding][]}
 */
const unchecked = (proofs, suites) =>
  proofs.map((proof) => [
    proof.cryptosuite,
    suites.get(proof.cryptosuite) ? said(proof, "not_checked", "no_key") : withoutSuite(proof, suites),
  ]);

/**
 * What is said of a proof whose suite is not here.
 * @param {Record<string, any>} proof
 * @param {Suites} suites
 */
const withoutSuite = (proof, suites) =>
  suites.has(proof.cryptosuite) ? said(proof, "could_not_check", "not_loaded") : said(proof, "not_checked", "not_checked");

/**
 * @param {Record<string, any>} proof
 * @param {import("./report.js").Result} result
 * @param {string} reason
 */
const said = (proof, result, reason) => finding(result, reason, { suite: clip(proof.cryptosuite, 40) });

/**
 * @param {Record<string, any>} document
 * @param {Record<string, any>[]} proofs
 * @param {string} method
 * @param {{fetch: Fetch, suites: Suites}} options
 * @returns {Promise<Signed>}
 */
async function checkWithKey(document, proofs, method, { fetch, suites }) {
  const [did] = splitMethod(method);
  const found = await lookUpKey(method, fetch);
  if ("refusal" in found) {
    const signature = finding("could_not_check", "no_key");
    return signedWith(signature, { key: found.refusal, proofs: unchecked(proofs, suites) });
  }
  const { key, raw, multibase, controller } = found;
  const isIssuer = controller === did && did === issuerOf(document);
  const word = isIssuer ? "passed" : "failed";
  const owner = finding(word, word, { did: clip(controller, 120) }, key.source);
  const publicKey = await importPublicKey(raw);
  if (publicKey === null) {
    const signature = finding("could_not_check", "no_crypto");
    return { signature, key, controller: owner, proofs: unchecked(proofs, new Map()), multibase };
  }
  const [signature, outcomes] = await checkProofs(document, proofs, publicKey, suites);
  return { signature, key, controller: owner, proofs: outcomes, multibase };
}

/** @typedef {{key: Finding, raw: Uint8Array<ArrayBuffer>, multibase: string, controller: string}} FoundKey */

/**
 * The key that a verification method names, or why there is none.
 * @param {string} method
 * @param {Fetch} fetch
 * @returns {Promise<FoundKey | {refusal: Finding}>}
 */
async function lookUpKey(method, fetch) {
  const [did, fragment] = splitMethod(method);
  if (!isDidWeb(did)) return { refusal: finding("could_not_check", "not_did", { did: clip(did, 120) }) };
  const source = didDocumentUrl(did);
  try {
    const [multibase, controller] = findKey(parseJson(await fetch(source)), method);
    const raw = parsePublicKey(multibase);
    return { key: finding("passed", "passed", { key: fragment, domain: domainOf(did) }, source), raw, multibase, controller };
  } catch (error) {
    if (error instanceof FetchError) {
      return { refusal: finding("could_not_check", "unreachable", { domain: domainOf(did) }, source) };
    }
    if (!(error instanceof DidError || error instanceof KeyTextError || error instanceof EncodingError)) throw error;
    return { refusal: finding("failed", "failed", { reason: error.message }, source) };
  }
}

/**
 * At least one proof must be checked, and every proof of a suite that this verifier has loaded must hold.
 * @param {Record<string, any>} document
 * @param {Record<string, any>[]} proofs
 * @param {CryptoKey} publicKey
 * @param {Suites} suites
 * @returns {Promise<[Finding, [string, Finding][]]>}
 */
async function checkProofs(document, proofs, publicKey, suites) {
  /** @type {[string, Finding][]} */
  const found = [];
  for (const proof of proofs) found.push([proof.cryptosuite, await checkProof(document, proof, publicKey, suites)]);
  if (found.some(([, outcome]) => outcome.result === "failed")) return [finding("failed", "failed"), found];
  const passed = found.filter(([, outcome]) => outcome.result === "passed").map(([suite]) => suite);
  return [finding("passed", "passed", { suites: passed.join(", ") }), found];
}

/**
 * @param {Record<string, any>} document
 * @param {Record<string, any>} proof
 * @param {CryptoKey} publicKey
 * @param {Suites} suites
 */
async function checkProof(document, proof, publicKey, suites) {
  if (!suites.get(proof.cryptosuite)) return withoutSuite(proof, suites);
  try {
    await verifyProof(document, proof, { publicKey, suites });
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    return said(proof, "failed", "failed");
  }
  return said(proof, "passed", "passed");
}
