/** The status of a credential by its place in its issuer's signed list. Source: Bitstring Status List 1.0, 3.2. */

import { issuerIdOf } from "../../credentials/openbadges3/read.js";
import { CREDENTIALS_V2 } from "../../credentials/securing/contexts.js";
import { DATA_INTEGRITY, isSameList } from "../../credentials/securing/data-integrity.js";
import { StatusError, isSet, readEntry, readList } from "../../credentials/status/bitstring.js";
import { parseTimestamp } from "../../credentials/timestamps.js";
import { EncodingError, parseJson } from "../../encoding.js";
import { formatDate } from "../../wording.js";
import { domainOf } from "../domain.js";
import { FetchError } from "../evidence/source.js";
import { finding, unsupported } from "../finding.js";
import { checkSigned } from "../proofs/signed.js";

const LIST_CONTEXTS = [CREDENTIALS_V2];

/**
 * Whether the list that an entry of credentialStatus names, signed by the same issuer, has the credential's bit set.
 *
 * The values of a passed finding have the day as `date`, and as `signed` the dateTimeStamp that it comes from, if the list has one.
 * @param {Record<string, any>} entry
 * @param {import("./table.js").Around} around
 * @returns {Promise<import("../finding.js").Finding>}
 */
export async function checkBitstring(entry, { issuer, fetch, suites, now }) {
  let url = "";
  try {
    const [address, index] = readEntry(entry);
    if (!address.startsWith("https://")) throw new StatusError("its list does not lie at an https address");
    url = address;
    const list = parseJson(await fetch(url));
    const bits = await readList(list, { url });
    if (!isSameList(list["@context"], LIST_CONTEXTS)) return { ...unsupported("status-kind", "other_status"), source: url };
    if (issuerIdOf(list) !== issuer) throw new StatusError("it is not by the issuer of the credential");
    const signed = await checkSigned(list, { securing: DATA_INTEGRITY, fetch, suites, now });
    const isRevoked = isSet(bits, index);
    const refusal = listRefusal(signed) ?? dateRefusal(list, now);
    if (refusal) return { ...refusal, source: url };
    return isRevoked ? finding("failed", "revoked", {}, url) : notRevoked(signed.created ?? list.validFrom, url);
  } catch (error) {
    if (error instanceof FetchError) return finding("could_not_check", "unreachable", { domain: domainOf(url) }, url);
    if (!(error instanceof StatusError || error instanceof EncodingError)) throw error;
    // Without an address, the entry itself could not be read.
    return url ? finding("failed", "failed", { reason: error.message }, url) : unread(error.message);
  }
}

/**
 * What is said of a status that cannot be read, or of a list that says nothing about today.
 * @param {string} reason
 */
const unread = (reason) => finding("could_not_check", "unread", { reason });

/**
 * Why a status list proves nothing: it needs a proof of its own, by a key of the same issuer.
 * @param {import("../proofs/signed.js").ProofsFound} signed
 */
function listRefusal({ signature, key, controller }) {
  const found = [signature, key, controller];
  if (found.some(({ result, reason }) => result === "failed" && reason !== "ended")) {
    return finding("failed", "failed", { reason: "its own signature does not hold" });
  }
  if (signature.reason === "ended") return unread(`it was valid until ${signature.values.date} only`);
  if (found.every(({ result }) => result === "passed")) return null;
  return finding("could_not_check", "unproven", { reason: "its own signature could not be checked" });
}

/**
 * Why a status list says nothing about today: it is a credential, with a beginning and an end if it likes.
 *
 * Source: VCDM 2.0, 4.9 (Validity Period).
 * @param {Record<string, any>} list
 * @param {Date} now
 */
function dateRefusal(list, now) {
  const today = now.getTime();
  const [start, end] = ["validFrom", "validUntil"].map((name) => (name in list ? parseTimestamp(list[name]) : today));
  if (start === null || end === null) return unread("its dates cannot be read");
  if (today < start) return unread(`it begins on ${formatDate(list.validFrom)}, which is still to come`);
  return today > end ? unread(`it was valid until ${formatDate(list.validUntil)} only`) : null;
}

/**
 * With the day on which the list was signed: a list from yesterday cannot know of today.
 * @param {string | undefined} signed a dateTimeStamp
 * @param {string} url
 */
const notRevoked = (signed, url) =>
  signed ? finding("passed", "passed", { date: formatDate(signed), signed }, url) : finding("passed", "undated", {}, url);
