/** The domain that an address belongs to: what a report names, because only a domain has an owner. */

import { didDocumentUrl, isDidWeb } from "../credentials/identifiers/did-web.js";

// No user name before the host: a sentence about harbour.example.org@elsewhere.example would mislead.
const HTTPS_HOST = /^https:\/\/([A-Za-z0-9.-]+(?::[0-9]{1,5})?)(?=[/?#]|$)/;

/**
 * The host that an https address or a did:web belongs to; "" for anything else.
 * @param {string} address
 */
export const domainOf = (address) => HTTPS_HOST.exec(isDidWeb(address) ? didDocumentUrl(address) : address)?.[1] ?? "";

/**
 * The domain that a headline speaks of: the issuer's, and for a copy the one where its original lies.
 * @param {{credential: string, issuer: string}} report
 * @param {boolean} isCopy
 */
export const spokenDomain = ({ credential, issuer }, isCopy) => domainOf(isCopy ? credential : issuer);
