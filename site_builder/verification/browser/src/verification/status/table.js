/**
 * Checking the status, the fourth step. A new kind of credentialStatus is a module beside this and a row here.
 *
 * Source: VCDM 2.0, 4.10 (Status).
 */

import { issuerIdOf } from "../../credentials/openbadges3/read.js";
import { isRevocationEntry } from "../../credentials/status/bitstring.js";
import { finding, unsupported } from "../finding.js";
import { checkBitstring } from "./bitstring.js";

/** @typedef {import("../finding.js").Finding} Finding */
/**
 * @typedef {{fetch: import("../evidence/source.js").Fetch, now: Date,
 *   suites: import("../../credentials/securing/data-integrity.js").Suites}} Evidence
 */

/**
 * What a status is checked with. issuer: of the credential. suites: those that this verifier has loaded.
 * @typedef {Evidence & {issuer: string}} Around
 */

/**
 * A kind of credentialStatus: whether an entry is one, and how it is checked.
 * @typedef {{recognises: (entry: unknown) => boolean,
 *   check: (entry: any, around: Around) => Promise<Finding>}} StatusKind
 */

/** @type {StatusKind[]} */
export const STATUS_KINDS = [{ recognises: isRevocationEntry, check: checkBitstring }];

const MAX_ENTRIES = 8;
const OTHER_KIND = unsupported("status-kind", "other_status");

/**
 * What the credential's status says, as its issuer publishes it.
 *
 * Of several entries each is a word of the issuer's: one that revokes is enough, and "not revoked" needs all of them.
 * @param {Record<string, any>} document
 * @param {Evidence} evidence
 */
export async function checkStatus(document, evidence) {
  if (!("credentialStatus" in document)) return finding("not_checked", "none");
  const entries = [document.credentialStatus].flat();
  if (entries.length === 0 || entries.length > MAX_ENTRIES) return OTHER_KIND;
  const around = { issuer: issuerIdOf(document), ...evidence };
  /** @type {Finding[]} */
  const found = [];
  // One after the other: a list that several name is asked for once.
  for (const entry of entries) found.push(await checkEntry(entry, around));
  return found.reduce((worst, other) => (rank(other) < rank(worst) ? other : worst));
}

/**
 * @param {unknown} entry
 * @param {Around} around
 */
const checkEntry = (entry, around) =>
  STATUS_KINDS.find(({ recognises }) => recognises(entry))?.check(entry, around) ?? OTHER_KIND;

/**
 * Which of several findings is told: the worst, and of good ones the one of the oldest list, without a day first.
 * @param {Finding} found
 */
const rank = ({ result, reason, values }) =>
  reason === "revoked" ? "" : `${["failed", "could_not_check", "not_supported", "passed"].indexOf(result)}${values.signed ?? ""}`;
