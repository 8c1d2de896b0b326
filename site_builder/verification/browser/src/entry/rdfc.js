/**
 * The cryptosuite eddsa-rdfc-2022, as a bundle of its own: it is loaded when somebody asks for it. Nothing in it fetches.
 *
 * Source: Data Integrity EdDSA Cryptosuites 1.0, 3.2.3 to 3.2.5.
 */

import credentialsV2 from "../../../../credentials/contexts/credentials-v2.jsonld";
import dataIntegrityV2 from "../../../../credentials/contexts/data-integrity-v2.jsonld";
import ed25519 from "../../../../credentials/contexts/ed25519-2020-v1.jsonld";
import multikey from "../../../../credentials/contexts/multikey-v1.jsonld";
import openBadges302 from "../../../../credentials/contexts/ob-v3p0-context-3.0.2.json";
import openBadges303 from "../../../../credentials/contexts/ob-v3p0-context-3.0.3.json";
import extensions from "../../../../credentials/contexts/ob-v3p0-extensions.json";
import { canonicalizeRdf } from "../credentials/securing/canonical.js";
import { without } from "../encoding.js";

/** @type {import("../credentials/securing/canonical.js").Contexts} */
const CONTEXTS = new Map([
  ["https://www.w3.org/ns/credentials/v2", credentialsV2],
  ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", openBadges303],
  ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json", openBadges302],
  ["https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", extensions],
  ["https://w3id.org/security/suites/ed25519-2020/v1", ed25519],
  ["https://w3id.org/security/data-integrity/v2", dataIntegrityV2],
  ["https://w3id.org/security/multikey/v1", multikey],
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
