/**
 * The cryptosuite eddsa-rdfc-2022, as a bundle of its own: it is loaded when somebody asks for it. Nothing in it fetches.
 *
 * Source: Data Integrity EdDSA Cryptosuites 1.0, 3.2.3 to 3.2.5.
 */

import credentialsV2 from "../../../../credentials/contexts/credentials-v2.jsonld";
import openBadges3 from "../../../../credentials/contexts/ob-v3p0-context-3.0.3.json";
import { canonicalizeRdf } from "../credentials/securing/canonical.js";
import { without } from "../encoding.js";

/** @type {import("../credentials/securing/canonical.js").Contexts} */
const CONTEXTS = new Map([
  ["https://www.w3.org/ns/credentials/v2", credentialsV2],
  ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", openBadges3],
]);

/**
 * The two texts that an eddsa-rdfc-2022 proof signs: of its own configuration and of the document.
 * @param {Record<string, any>} document
 * @param {Record<string, any>} config
 */
export async function canonicalize(document, config) {
  const own = Object.assign(without(config, "@context"), { "@context": document["@context"] });
  return [await canonicalizeRdf(own, { contexts: CONTEXTS }), await canonicalizeRdf(document, { contexts: CONTEXTS })];
}
