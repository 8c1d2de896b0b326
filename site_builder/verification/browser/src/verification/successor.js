/**
 * What took a credential's place: the newer version of a revoked one, or the same one, signed anew with another key.
 *
 * A holder keeps files that their issuer has replaced since. versions.json, unsigned, says where to look; what is said then rests
 * on the signed document found there. Nothing of it turns a bad word into a good one. site_builder/verification/successor.py is the same program.
 */

import { withoutProof } from "../credentials/securing/data-integrity.js";
import { formatJcs } from "../credentials/securing/jcs.js";
import { EncodingError, isObject, parseJson } from "../encoding.js";
import { dateOf } from "./content/dates.js";
import { domainOf } from "./domain.js";
import { FetchError, cached } from "./evidence/source.js";
import { STATUS_VERDICTS, sentence } from "./report.js";
import { verifyCredential } from "./verify.js";
import { VersionsError, credentialFile, currentVersion, versionNumber } from "./versions.js";

/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./evidence/source.js").Fetch} Fetch */

const MAX_ADDRESS = 500;
// Host, folder and file of a credential's id, in letters that every program reads alike: what lies beside it is on the same host.
const ADDRESS = /^(https:\/\/[A-Za-z0-9.-]+(?::[0-9]{1,5})?\/(?:[A-Za-z0-9_~%-][A-Za-z0-9._~%-]*\/)*)([a-z0-9.-]+)$/;
// What a document may be found to be that takes the place of another.
const STANDING = ["holds", "demo", "expired", "not_yet_valid"];

/**
 * How a document is verified that may have taken the place of another, and how it is fetched.
 * @typedef {{folder: string, fetch: Fetch, verify: (raw: Uint8Array) => Promise<Report>}} Way
 */

/**
 * The report of verifyCredential, which has the same arguments; of a replaced credential with its successor.
 *
 * One step, no further: the successor's own report follows nothing.
 * @param {Uint8Array} raw
 * @param {Parameters<typeof verifyCredential>[1]} options
 * @returns {Promise<Report>}
 */
export async function verifyAndFollow(raw, options) {
  const fetch = cached(options.fetch);
  const report = await verifyCredential(raw, { ...options, fetch });
  const [, folder, file] = (report.credential.length <= MAX_ADDRESS && ADDRESS.exec(report.credential)) || [];
  const number = versionNumber(file ?? "");
  if (!number) return report;
  const way = { folder, fetch, verify: (/** @type {Uint8Array} */ found) => verifyCredential(found, { ...options, fetch, page: null }) };
  try {
    if (report.verdict === "revoked") return await superseded(report, number, way);
    return wantsKey(report) ? await signedAnew(report, raw, way) : report;
  } catch (error) {
    if (error instanceof FetchError || error instanceof EncodingError || error instanceof VersionsError) return report;
    throw error;
  }
}

/**
 * The report on a revoked version, which says so when the issuer has published a newer one that stands.
 * @param {Report} report
 * @param {number} number
 * @param {Way} way
 * @returns {Promise<Report>}
 */
async function superseded(report, number, { folder, fetch, verify }) {
  const current = currentVersion(await fetch(`${folder}versions.json`));
  if (current <= number) return report;
  const address = folder + credentialFile(current);
  const raw = await fetch(address);
  const newer = await verify(raw);
  const isSibling = newer.credential === address && newer.issuer === report.issuer;
  if (!isSibling || !STANDING.includes(newer.verdict)) return report;
  const words = { domain: domainOf(report.issuer), date: dateOf(parseJson(raw), newer.verdict) };
  const headline = `${sentence("headline", "superseded", words)} ${sentence("current", newer.verdict, words)}`;
  const text = sentence("status", "superseded", { version: String(current) });
  const checks = withCheck(report, "status", { reason: "superseded", sentence: text });
  return { ...report, verdict: "superseded", headline, checks, successor: folder };
}

/**
 * Whether the refused key is all that speaks against a credential, but for what can befall any.
 * @param {Report} report
 */
function wantsKey({ checks }) {
  const failed = checks.filter(({ counts, result, reason }) => counts && result === "failed" && !STATUS_VERDICTS.includes(reason));
  return failed.length === 1 && failed[0].name === "key";
}

/**
 * The report on a file whose key is no longer accepted, which says so when its address has the same with a new proof.
 *
 * The verdict stays: whether this very file was ever signed, nobody can tell any more.
 * @param {Report} report
 * @param {Uint8Array} raw
 * @param {Way} way
 * @returns {Promise<Report>}
 */
async function signedAnew(report, raw, { folder, fetch, verify }) {
  const there = await fetch(report.credential);
  if (unsigned(there) !== unsigned(raw) || !STANDING.includes((await verify(there)).verdict)) return report;
  const words = { domain: domainOf(report.issuer) };
  const said = report.checks.find(({ name }) => name === "key")?.sentence;
  const checks = withCheck(report, "key", { sentence: `${said} ${sentence("key", "signed_anew", words)}` });
  return { ...report, headline: sentence("headline", "signed_anew", words), checks, successor: folder };
}

/**
 * The canonical form of a document without its proofs. Throws EncodingError.
 * @param {Uint8Array} raw
 */
function unsigned(raw) {
  const document = parseJson(raw);
  if (!isObject(document)) throw new EncodingError("this is not a JSON object");
  return formatJcs(withoutProof(document));
}

/**
 * @param {Report} report
 * @param {string} name
 * @param {Partial<import("./report.js").Check>} changes
 */
const withCheck = ({ checks }, name, changes) => checks.map((check) => (check.name === name ? { ...check, ...changes } : check));
