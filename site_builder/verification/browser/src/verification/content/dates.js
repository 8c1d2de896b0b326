/** The dates of a credential: whether they can be, and whether now is between them. Source: VCDM 2.0, 4.9 (Validity Period). */

import { parseTimestamp } from "../../credentials/timestamps.js";
import { formatDate } from "../../wording.js";
import { finding } from "../finding.js";

/**
 * Whether the credential is valid now, by what it says of its beginning and its end.
 * @param {import("./statement.js").Statement} statement
 */
export function checkDates({ document, now }) {
  if (!("validFrom" in document)) return finding("failed", "no_start");
  const start = parseTimestamp(document.validFrom);
  const end = "validUntil" in document ? parseTimestamp(document.validUntil) : Infinity;
  const awarded = "awardedDate" in document ? parseTimestamp(document.awardedDate) : -Infinity;
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
 * The date that a verdict speaks of, as pages print it; "" when it speaks of none.
 * @param {Record<string, any>} document
 * @param {string} verdict
 */
export function dateOf(document, verdict) {
  if (verdict === "expired") return formatDate(document.validUntil);
  return verdict === "not_yet_valid" ? formatDate(document.validFrom) : "";
}
