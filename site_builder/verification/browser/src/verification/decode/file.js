/**
 * The bytes of a file, whatever people have in their hands, to the document in it.
 *
 * The same program as site_builder/verification/decode/file.py.
 */

import { BakeError, EmptyImageError, trimmed } from "../../credentials/carriers/form.js";
import { carrierOf } from "../../credentials/carriers/table.js";
import { EncodingError, parseJson } from "../../encoding.js";
import { assertionAt } from "./open-badges-2.js";
import { otherForm } from "./other-forms.js";
import { isRecognised } from "./table.js";
import { isHtml } from "./web-page.js";

export const MAX_FILE_BYTES = 12 * 1_048_576;
// RFC 8259, 8.1: none may be written, and a reader may pass over it.
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const ADDRESS = /^https?:\/\/[!-~]{1,1990}$/;
const MAX_ADDRESS = 2000;

/** What was given cannot be taken for anything, with a sentence that says what to do. */
export class FileError extends Error {}

/** What was given is nothing that is checked here, and nothing that speaks against it: a platform's page, a very large file. */
export class OtherFormError extends FileError {}

/**
 * The document in the bytes of a file, of whatever form: that in a PNG or an SVG, everything else as it is.
 *
 * Throws FileError for an image that is damaged, or whose credential cannot be told.
 * @param {Uint8Array} given
 * @returns {Uint8Array}
 */
export function unbaked(given) {
  const raw = BYTE_ORDER_MARK.every((byte, at) => given[at] === byte) ? given.subarray(3) : given;
  if (isRecognised(raw) || isHtml(raw)) return raw;
  const carrier = carrierOf(raw);
  try {
    return carrier ? carried(carrier, raw) : raw;
  } catch (error) {
    if (error instanceof BakeError) throw new FileError(error.message);
    throw error;
  }
}

/**
 * What an image carries: a credential, else an older badge, else nothing, and then the image is all that there is. Throws BakeError.
 * @param {import("../../credentials/carriers/table.js").Carrier} carrier
 * @param {Uint8Array} raw
 */
function carried(carrier, raw) {
  try {
    return carrier.unbake(raw);
  } catch (error) {
    const other = error instanceof BakeError ? carrier.unbakeOther?.(raw) : undefined;
    if (other) return olderBadge(trimmed(other));
    if (error instanceof EmptyImageError) return raw;
    throw error;
  }
}

/**
 * What an image carries in another form: as it is where that says what it is, else as an assertion of the older version.
 * @param {Uint8Array} other
 */
function olderBadge(other) {
  const told = otherForm(jsonOrNull(other), other);
  if (told && !["empty", "json", "text", "unknown"].includes(told.form ?? "")) return other;
  const text = other.length <= MAX_ADDRESS ? String.fromCharCode(...other) : "";
  return new TextEncoder().encode(JSON.stringify(assertionAt(ADDRESS.test(text) ? text : "")));
}

/** @param {Uint8Array} raw */
function jsonOrNull(raw) {
  try {
    return parseJson(raw);
  } catch (error) {
    if (error instanceof EncodingError) return null;
    throw error;
  }
}
