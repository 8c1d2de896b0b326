/** JSON Canonicalization Scheme, the same program as site_builder/credentials/securing/jcs.py. Source: RFC 8785. */

import { EncodingError, hasLoneSurrogate } from "../../encoding.js";

/**
 * UTF-8 bytes of the canonical form of a JSON value. Throws EncodingError for what JSON cannot say.
 * @param {unknown} value
 */
export const canonicalizeJcs = (value) => new TextEncoder().encode(formatJcs(value));

/**
 * The canonical form of a JSON value, as text.
 * @param {any} value
 * @returns {string}
 */
export function formatJcs(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return formatString(value);
  if (typeof value === "number") return formatNumber(value);
  if (Array.isArray(value)) return `[${value.map(formatJcs).join(",")}]`;
  if (typeof value === "object") {
    // RFC 8785, 3.2.3: by UTF-16 code units, which is how JavaScript sorts.
    const members = Object.keys(value).sort();
    return `{${members.map((key) => `${formatString(key)}:${formatJcs(value[key])}`).join(",")}}`;
  }
  throw new EncodingError(`${typeof value} is not a JSON value`);
}

/** @param {string} text */
function formatString(text) {
  // RFC 8785, 3.2.2.2 took its escapes from here: \b \t \n \f \r \" \\ and \u00xx in lower case for other controls.
  if (hasLoneSurrogate(text)) throw new EncodingError("half of a surrogate pair has no canonical form");
  return JSON.stringify(text);
}

/**
 * ECMAScript's Number::toString; -0 is 0. Source: RFC 8785, 3.2.2.3. Whole numbers beyond 2^53 are refused by parseJson.
 * @param {number} number
 */
function formatNumber(number) {
  if (!Number.isFinite(number)) throw new EncodingError("NaN and infinity have no canonical form");
  return String(number);
}
