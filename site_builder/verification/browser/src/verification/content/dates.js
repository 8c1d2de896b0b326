/** The dates of a credential: whether they can be, and whether now is between them. Source: VCDM 2.0, 4.9 (Validity Period). */

import { formatDate } from "../../wording.js";
import { finding } from "../finding.js";

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
 * Whether the credential is valid now, by what it says of its beginning and its end.
 * @param {import("./statement.js").Statement} statement
 */
export function checkDates({ document, now }) {
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
 * The date that a verdict speaks of, as pages print it; "" when it speaks of none.
 * @param {Record<string, any>} document
 * @param {string} verdict
 */
export function dateOf(document, verdict) {
  if (verdict === "expired") return formatDate(document.validUntil);
  return verdict === "not_yet_valid" ? formatDate(document.validFrom) : "";
}
