/** A key of a did:web issuer, from the document at the issuer's domain. Source: Controlled Identifiers 1.0, 3.3. */

import { didDocumentUrl, findKey, officeOf, splitMethod } from "../../credentials/identifiers/did-web.js";
import { parseJson } from "../../encoding.js";

/**
 * publicKeyMultibase, controller and end of the key that a DID URL of did:web names, and its document's office. Throws FetchError, DidError or EncodingError.
 * @param {string} method
 * @param {import("../evidence/source.js").Fetch} fetch
 * @returns {Promise<import("./key.js").KeyText>}
 */
export async function lookUpDidWeb(method, fetch) {
  const document = parseJson(await fetch(didDocumentUrl(splitMethod(method)[0])));
  return [...findKey(document, method), officeOf(document)];
}
