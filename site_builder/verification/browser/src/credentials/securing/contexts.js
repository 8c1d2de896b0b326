/**
 * The JSON-LD contexts of a credential, by their place in it: the rows of site_builder/credentials/securing/contexts.py, whose test
 * says why each may stand there. entry/rdfc.js has their documents.
 */

export const CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2";

const OPEN_BADGES_3 = [
  "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
  "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
];

const FURTHER = [
  "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
  "https://w3id.org/security/suites/ed25519-2020/v1",
  "https://w3id.org/security/data-integrity/v2",
  "https://w3id.org/security/multikey/v1",
];

/**
 * Whether @context is VC 2.0, then Open Badges 3.0 in a version that is known, then any of the further ones, each once.
 * @param {any} value
 */
export const areOpenBadgesContexts = (value) =>
  Array.isArray(value) &&
  value[0] === CREDENTIALS_V2 &&
  OPEN_BADGES_3.includes(value[1]) &&
  value.slice(2).every((url, index, further) => FURTHER.includes(url) && further.indexOf(url) === index);
