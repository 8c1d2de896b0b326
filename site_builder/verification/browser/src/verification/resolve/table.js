/**
 * Resolving, the second step: a verification method (a DID URL) to its public key and controller, with the evidence for it.
 *
 * A new DID method is a module beside this and a row here. Source: Controlled Identifiers 1.0, 3.3 (Retrieve Verification Method).
 */

import { DidError, didDocumentUrl, isDidWeb, splitMethod } from "../../credentials/identifiers/did-web.js";
import { KeyTextError, parsePublicKey } from "../../credentials/identifiers/multikey.js";
import { parseTimestamp } from "../../credentials/timestamps.js";
import { EncodingError, clip } from "../../encoding.js";
import { formatDate } from "../../wording.js";
import { domainOf } from "../domain.js";
import { FetchError } from "../evidence/source.js";
import { finding, unsupported } from "../finding.js";
import { lookUpDidWeb } from "./did-web.js";

/** @typedef {import("../evidence/source.js").Fetch} Fetch */

/**
 * A kind of DID whose keys can be looked up.
 *
 * recognises: whether a DID is of this method. sourceOf: the address that its evidence comes from, "" when it needs none.
 * lookUp: what its evidence says of the key that a DID URL names; throws FetchError, DidError or EncodingError.
 * @typedef {{recognises: (did: string) => boolean, sourceOf: (did: string) => string,
 *   lookUp: (method: string, fetch: Fetch) => Promise<import("./key.js").KeyText>}} DidMethod
 */

/** @type {DidMethod[]} */
export const DID_METHODS = [{ recognises: isDidWeb, sourceOf: didDocumentUrl, lookUp: lookUpDidWeb }];

/**
 * The key that a verification method names, or the finding that says why there is none.
 * @param {string} method
 * @param {Fetch} fetch
 * @param {Date} now
 * @returns {Promise<import("./key.js").ResolvedKey | import("../finding.js").Finding>}
 */
export async function resolve(method, fetch, now) {
  const [did, fragment] = splitMethod(method);
  if (!did) return finding("failed", "failed", { reason: "the signature does not say whose key made it" });
  const row = DID_METHODS.find(({ recognises }) => recognises(did));
  if (!row) return unsupported("key-address", "not_did", { did: clip(did, 120) });
  const source = row.sourceOf(did);
  const domain = domainOf(did);
  try {
    const [multibase, controller, expires, office] = await row.lookUp(method, fetch);
    const raw = parsePublicKey(multibase);
    const end = parseTimestamp(expires);
    // At its end a key is accepted no longer. Source: Controlled Identifiers 1.0, 2.2.
    if (end !== null && now.getTime() >= end) {
      throw new DidError(`${did} let its key #${fragment} sign until ${formatDate(String(expires))} only`);
    }
    return { raw, multibase, controller, did, office, passed: finding("passed", "passed", { key: fragment, domain }, source) };
  } catch (error) {
    if (error instanceof FetchError) return finding("could_not_check", "unreachable", { domain }, source);
    if (!(error instanceof DidError || error instanceof KeyTextError || error instanceof EncodingError)) throw error;
    return finding("failed", "failed", { reason: error.message }, source);
  }
}
