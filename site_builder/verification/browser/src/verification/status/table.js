/**
 * Checking the status, the fourth step. A new kind of credentialStatus is a module beside this and a row here.
 *
 * Source: VCDM 2.0, 4.10 (Status).
 */

import { issuerIdOf } from "../../credentials/openbadges3/read.js";
import { isRevocationEntry } from "../../credentials/status/bitstring.js";
import { finding } from "../finding.js";
import { checkBitstring } from "./bitstring.js";

/** @typedef {{fetch: import("../evidence/source.js").Fetch, suites: import("../../credentials/securing/data-integrity.js").Suites}} Evidence */

/**
 * What a status is checked with. issuer: of the credential. suites: those that this verifier has loaded.
 * @typedef {Evidence & {issuer: string}} Around
 */

/**
 * A kind of credentialStatus: whether an entry is one, and how it is checked.
 * @typedef {{recognises: (entry: unknown) => boolean,
 *   check: (entry: unknown, around: Around) => Promise<import("../finding.js").Finding>}} StatusKind
 */

/** @type {StatusKind[]} */
export const STATUS_KINDS = [{ recognises: isRevocationEntry, check: checkBitstring }];

/**
 * What the credential's status says, as its issuer publishes it. What no kind recognises, the first refuses.
 * @param {Record<string, any>} document
 * @param {Evidence} evidence
 */
export async function checkStatus(document, { fetch, suites }) {
  if (!("credentialStatus" in document)) return finding("not_checked", "none");
  const { credentialStatus: entry } = document;
  const kind = STATUS_KINDS.find(({ recognises }) => recognises(entry)) ?? STATUS_KINDS[0];
  return kind.check(entry, { issuer: issuerIdOf(document), fetch, suites });
}
