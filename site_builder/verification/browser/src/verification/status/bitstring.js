/** The status of a credential by its place in its issuer's signed list. Source: Bitstring Status List 1.0, 3.2. */

import { issuerIdOf } from "../../credentials/openbadges3/read.js";
import { CREDENTIALS_V2, DATA_INTEGRITY, isSameList } from "../../credentials/securing/data-integrity.js";
import { StatusError, isSet, readEntry, readList } from "../../credentials/status/bitstring.js";
import { EncodingError, parseJson } from "../../encoding.js";
import { domainOf } from "../domain.js";
import { FetchError } from "../evidence/source.js";
import { finding } from "../finding.js";
import { checkSigned } from "../proofs/signed.js";

const LIST_CONTEXTS = [CREDENTIALS_V2];

/**
 * Whether the list that a credentialStatus names, signed by the same issuer, has the credential's bit set.
 * @param {unknown} entry
 * @param {import("./table.js").Around} around
 */
export async function checkBitstring(entry, { issuer, fetch, suites }) {
  let url = "";
  try {
    const [address, index] = readEntry(entry);
    url = address;
    if (!url.startsWith("https://")) throw new StatusError("it does not lie at an https address");
    const list = parseJson(await fetch(url));
    const bits = await readList(list, { url });
    if (!isSameList(list["@context"], LIST_CONTEXTS) || issuerIdOf(list) !== issuer) {
      throw new StatusError("it is not by the issuer of the credential");
    }
    const refusal = listRefusal(await checkSigned(list, { securing: DATA_INTEGRITY, fetch, suites }));
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
 * @param {import("../proofs/signed.js").ProofsFound} signed
 */
function listRefusal(signed) {
  const results = [signed.signature.result, signed.key.result, signed.controller.result];
  if (results.includes("failed")) return finding("failed", "failed", { reason: "its own signature does not hold" });
  if (results.every((result) => result === "passed")) return null;
  return finding("could_not_check", "unproven", { reason: "its own signature could not be checked" });
}
