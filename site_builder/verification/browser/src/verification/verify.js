/**
 * Verifying one Open Badges 3.0 credential: named checks, from evidence that is fetched there and then.
 *
 * Sources: Open Badges 3.0, Verification (OpenBadgeCredential); Bitstring Status List 1.0, 3.2; VCDM 2.0, 4.9.
 * ../../verify.py is the same program, step by step, with the same sentences.
 */

import { isDemoKey } from "../credentials/demo.js";
import { EncodingError, clip, isObject, parseJson } from "../encoding.js";
import { comparePage, formatDate } from "./page.js";
import { SUITES, isSameList } from "../credentials/securing/data-integrity.js";
import { checkName, groupOf, legible, LIFE, sentence, verdictOf } from "./report.js";
import { FetchError, checkSigned, domainOf, finding, issuerOf } from "./signed.js";
import { StatusError, isSet, readEntry, readList } from "../credentials/status/bitstring.js";

/** @typedef {import("./signed.js").Finding} Finding */
/** @typedef {import("./signed.js").Fetch} Fetch */
/** @typedef {import("./page.js").StatementPage} StatementPage */
/** @typedef {import("../credentials/securing/data-integrity.js").Suites} Suites */

const CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"];
const LIST_CONTEXTS = CONTEXTS.slice(0, 1);

/**
 * The report on the credential in raw (JSON). fetch: bytes at an https address, or FetchError.
 *
 * page: what the credential's page states, when there is one to compare. isCopy: the files lie elsewhere than they say.
 * Never throws for what the document says.
 * @param {Uint8Array} raw
 * @param {{fetch: Fetch, now: Date, page?: StatementPage | null, where?: string, isCopy?: boolean, suites?: Suites}} options
 * @returns {Promise<import("./report.js").Report>}
 */
export async function verifyCredential(raw, options) {
  const { fetch, now, page = null, where = "on this computer", isCopy = false, suites = SUITES } = options;
  const rest = { now, where, isDemo: false, isCopy };
  const document = readDocument(raw);
  if (document instanceof EncodingError) {
    return makeReport({}, [["signature", finding("failed", "not_json", { reason: document.message })]], rest);
  }
  const refusal = shapeRefusal(document);
  if (refusal) return makeReport(isObject(document) ? document : {}, [["signature", refusal]], rest);
  const fetchOnce = remembering(fetch);
  const signed = await checkSigned(document, { fetch: fetchOnce, suites });
  const status = await checkStatus(document, { fetch: fetchOnce, suites });
  /** @type {[string, Finding][]} */
  const findings = [
    ["signature", signed.signature],
    ...signed.proofs.map(([suite, outcome]) => /** @type {[string, Finding]} */ ([`proof ${clip(suite, 40)}`, outcome])),
    ["key", signed.key],
    ["controller", signed.controller],
    ["dates", checkDates(document, now)],
    ["status", status],
    ["page", await checkPage(document, page, status)],
  ];
  return makeReport(document, findings, { ...rest, isDemo: isDemoKey(signed.multibase) });
}

/** @param {Uint8Array} raw */
function readDocument(raw) {
  try {
    return parseJson(raw);
  } catch (error) {
    if (error instanceof EncodingError) return error;
    throw error;
  }
}

/**
 * The same fetch, asking once for each address: a credential and its list name one key document.
 * @param {Fetch} fetch
 * @returns {Fetch}
 */
export function remembering(fetch) {
  /** @type {Map<string, Uint8Array>} */
  const known = new Map();
  return async (url) => {
    const found = known.get(url) ?? (await fetch(url));
    known.set(url, found);
    return found;
  };
}

/**
 * Why a document is not a credential that this program knows. Source: Open Badges 3.0, AchievementCredential.
 * @param {any} document
 * @returns {Finding | null}
 */
function shapeRefusal(document) {
  const strange = finding("failed", "not_open_badges");
  if (!isObject(document)) return strange;
  const { type: types, credentialSubject: subject } = document;
  if (!Array.isArray(types) || !types.includes("VerifiableCredential") || !isObject(subject)) return strange;
  if (!types.includes("OpenBadgeCredential") && !types.includes("AchievementCredential")) return strange;
  if (!issuerOf(document) || typeof document.id !== "string" || !isObject(subject.achievement)) return strange;
  return isSameList(document["@context"], CONTEXTS) ? null : finding("could_not_check", "contexts");
}

const DAY = "([0-9]{4})-([0-9]{2})-([0-9]{2})";
const TIME = "((?:[01][0-9]|2[0-3])):([0-5][0-9])";
const STAMP = new RegExp(`^${DAY}T${TIME}:([0-5][0-9])(?:\\.[0-9]{1,9})?(?:Z|([+-])${TIME})$`);

/**
 * The moment of an xsd:dateTimeStamp, in milliseconds since 1970, to the second; null for anything else.
 * @param {unknown} text
 */
function parseStamp(text) {
  const found = typeof text === "string" ? STAMP.exec(text) : null;
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number);
  const offset = found[7] ? Number(`${found[7]}1`) * (Number(found[8]) * 60 + Number(found[9])) : 0;
  const moment = new Date(0);
  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999.
  moment.setUTCFullYear(year, month - 1, day);
  const isDay = year > 0 && moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
  moment.setUTCHours(hour, minute - offset, second);
  return isDay ? moment.getTime() : null;
}

/**
 * @param {Record<string, any>} document
 * @param {Date} now
 */
function checkDates(document, now) {
  const start = parseStamp(document.validFrom);
  const end = "validUntil" in document ? parseStamp(document.validUntil) : Infinity;
  const awarded = "awardedDate" in document ? parseStamp(document.awardedDate) : -Infinity;
  const isReadable = start !== null && end !== null && awarded !== null;
  if (!isReadable || end < start || awarded > start) return finding("failed", "failed");
  /** @type {Record<string, string>} */
  const words = { from: formatDate(document.validFrom) };
  if (end < Infinity) words.until = formatDate(document.validUntil);
  if (now.getTime() < start) return finding("failed", "not_yet_valid", words);
  if (end === Infinity) return finding("passed", "passed", words);
  return now.getTime() > end ? finding("failed", "expired", words) : finding("passed", "passed_until", words);
}

/**
 * @param {Record<string, any>} document
 * @param {{fetch: Fetch, suites: Suites}} options
 */
async function checkStatus(document, { fetch, suites }) {
  if (!("credentialStatus" in document)) return finding("not_checked", "none");
  let url = "";
  try {
    const [address, index] = readEntry(document.credentialStatus);
    url = address;
    if (!url.startsWith("https://")) throw new StatusError("it does not lie at an https address");
    const list = parseJson(await fetch(url));
    const bits = await readList(list, { url });
    if (!isSameList(list["@context"], LIST_CONTEXTS) || issuerOf(list) !== issuerOf(document)) {
      throw new StatusError("it is not by the issuer of the credential");
    }
    const refusal = listRefusal(await checkSigned(list, { fetch, suites }));
    const isRevoked = isSet(bits, index);
    if (refusal) return { ...refusal, source: url };
    return isRevoked ? finding("failed", "revoked", {}, url) : finding("passed", "passed", {}, url);
  } catch (error) {
    if (error instanceof FetchError) return finding("could_not_check", "unreachable", { domain: domainOf(url) }, url);
    if (!(error instanceof StatusError || error instanceof EncodingError)) throw error;
    return finding("failed", "failed", { reason: error.message }, url);
  }
}

/**
 * Why a status list proves nothing: it needs a proof of its own, by a key of the same issuer.
 * @param {import("./signed.js").Signed} signed
 */
function listRefusal(signed) {
  const results = [signed.signature.result, signed.key.result, signed.controller.result];
  if (results.includes("failed")) return finding("failed", "failed", { reason: "its own signature does not hold" });
  if (results.every((result) => result === "passed")) return null;
  return finding("could_not_check", "unproven", { reason: "its own signature could not be checked" });
}

/**
 * @param {Record<string, any>} document
 * @param {StatementPage | null} page
 * @param {Finding} status
 */
async function checkPage(document, page, status) {
  if (page === null) return finding("not_checked", "not_checked");
  // An old browser, or a page that came without https: its four words cannot be worked out.
  if (!globalThis.crypto?.subtle) return finding("could_not_check", "no_crypto");
  const isUnfounded = page.is_tombstone && ["passed", "not_checked"].includes(status.result);
  const difference = isUnfounded
    ? "it says that the credential was withdrawn, and the revocation list does not"
    : await comparePage(page, document);
  if (difference) return finding("failed", "failed", { reason: difference });
  return finding("passed", page.is_tombstone ? "tombstone" : "passed");
}

// A check that does not apply is shown and does not count.
const DO_NOT_COUNT = ["status none", "page not_checked"];

/**
 * @param {Record<string, any>} document
 * @param {[string, Finding][]} findings
 * @param {{now: Date, where: string, isDemo: boolean, isCopy: boolean}} options
 * @returns {import("./report.js").Report}
 */
function makeReport(document, findings, { now, where, isDemo, isCopy }) {
  const at = `${now.toISOString().slice(0, 19)}Z`;
  const checks = findings.map(([name, { result, reason, values, source }]) => {
    const group = groupOf(name);
    const counts = group !== "proof" && !DO_NOT_COUNT.includes(`${name} ${reason}`);
    const text = sentence(group, reason, values);
    return { name: legible(name), result, reason, sentence: text, source: legible(source), at, counts };
  });
  const [verdict, decidedBy] = verdictOf(checks, { isDemo, isCopy });
  const credential = typeof document.id === "string" ? document.id : "";
  const issuer = issuerOf(document);
  // A copy speaks of the original's domain, and promises nothing in its name.
  const headline = sentence("headline", isCopy && LIFE.includes(verdict) ? `copy_${verdict}` : verdict, {
    where,
    domain: spokenDomain({ credential, issuer }, isCopy),
    date: dateOf(document, verdict),
    check: decidedBy ? checkName(decidedBy) : "",
  });
  return { verdict, headline, checks, credential, issuer };
}

/**
 * The domain that a headline speaks of: the issuer's, and for a copy the one where its original lies.
 * @param {{credential: string, issuer: string}} report
 * @param {boolean} isCopy
 */
export const spokenDomain = ({ credential, issuer }, isCopy) => domainOf(isCopy ? credential : issuer);

/**
 * The date that a verdict speaks of, as pages print it; "" when it speaks of none.
 * @param {Record<string, any>} document
 * @param {string} verdict
 */
export function dateOf(document, verdict) {
  if (verdict === "expired") return formatDate(document.validUntil);
  return verdict === "not_yet_valid" ? formatDate(document.validFrom) : "";
}
