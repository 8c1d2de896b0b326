/** Values of a credential, whatever else the document says. The same reading as site_builder/credentials/openbadges3/read.py. */

import { isObject } from "../../encoding.js";

/** @param {unknown} value */
const textOf = (value) => (typeof value === "string" ? value : "");

/**
 * The document's own address; "" where it states none.
 * @param {Record<string, any>} document
 */
export const credentialIdOf = (document) => textOf(document.id);

/**
 * The identifier of who issued: of the profile, or the issuer itself where this is a text; "" where there is none.
 * @param {Record<string, any>} document
 */
export const issuerIdOf = ({ issuer }) => textOf(isObject(issuer) ? issuer.id : issuer);
