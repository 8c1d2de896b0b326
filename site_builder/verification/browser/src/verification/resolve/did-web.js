/** A key of a did:web issuer, from the document at the issuer's domain. Source: Controlled Identifiers 1.0, 3.3. */

import { didDocumentUrl, findKey, splitMethod } from "../../credentials/identifiers/did-web.js";
import { parseJson } from "../../encoding.js";

/**
 * publicKeyMultibase, controller and end of the key that a DID URL of did:web names. Throws FetchError, DidError or EncodingError.
 * @param {string} method
 * @param {import("../evidence/source.js").Fetch} fetch
 */
export async function lookUpDidWeb(method, fetch) {
  return findKey(parseJson(await fetch(didDocumentUrl(splitMethod(method)[0]))), method);
}
