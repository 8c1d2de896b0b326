/** JSON Canonicalization Scheme, the same program as site_builder/credentials/securing/jcs.py. Source: RFC 8785. */

import { isObject } from "../../encoding.js";

/**
 * UTF-8 bytes of the canonical form of a JSON value.
 * @param {unknown} value
 */
export const canonicalizeJcs = (value) => new TextEncoder().encode(formatJcs(value));

/**
 * The canonical form of a JSON value, as text. What JSON cannot say never gets here: parseJson refuses it.
 *
 * RFC 8785 took its texts and numbers from here (3.2.2.2, 3.2.2.3), and the order of keys (3.2.3): by UTF-16 code units.
 * @param {unknown} value
 * @returns {string}
 */
export function formatJcs(value) {
  if (Array.isArray(value)) return `[${value.map(formatJcs).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${formatJcs(value[key])}`).join(",")}}`;
}
