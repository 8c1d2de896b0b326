/**
 * The bytes of a file, whatever people have in their hands, to the credential in it.
 *
 * The same program as site_builder/verification/decode/file.py.
 */

import { BakeError } from "../../credentials/carriers/form.js";
import { carrierOf } from "../../credentials/carriers/table.js";
import { EncodingError, isObject, parseJson } from "../../encoding.js";
import { isRecognised } from "./table.js";
import words from "../../../../wording/en.json" with { type: "json" };

export const MAX_FILE_BYTES = 12 * 1_048_576;
// Enough of a file to know it by its beginning.
const HEAD_BYTES = 4096;

/** Bytes that are no credential, with a sentence that says what they are and what to do. */
export class FileError extends Error {}

// By how they begin, one byte a character.
/** @type {Map<keyof typeof words.file, RegExp>} */
const OTHER_FORMATS = new Map([
  ["jpeg", /^\xff\xd8\xff/],
  ["pdf", /^%PDF-/],
  ["token", /^\s*eyJ[A-Za-z0-9_-]*(?:$|\.[A-Za-z0-9_-]*(?:$|\.[A-Za-z0-9_-]*\s*$))/],
  ["web_page", /^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b/i],
]);

/**
 * The credential in the bytes of a file: a form that is known as it is, PNG and SVG unbaked. Throws FileError for what no form
 * recognises.
 * @param {Uint8Array} raw
 * @returns {Uint8Array}
 */
export function unbaked(raw) {
  if (raw.length > MAX_FILE_BYTES) throw new FileError(words.file.too_large);
  if (isRecognised(raw)) return raw;
  const head = String.fromCharCode(...raw.subarray(0, HEAD_BYTES));
  if (raw.length <= HEAD_BYTES && !head.trim()) throw new FileError(words.file.empty);
  for (const [reason, pattern] of OTHER_FORMATS) {
    if (pattern.test(head)) throw new FileError(words.file[reason]);
  }
  const carrier = carrierOf(raw);
  if (carrier) return fromCarrier(carrier, raw);
  const reason = otherJson(raw);
  if (reason) throw new FileError(words.file[reason]);
  return raw;
}

/**
 * @param {import("../../credentials/carriers/table.js").Carrier} carrier
 * @param {Uint8Array} raw
 */
function fromCarrier(carrier, raw) {
  try {
    return carrier.unbake(raw);
  } catch (error) {
    if (error instanceof BakeError) throw new FileError(error.message);
    throw error;
  }
}

/**
 * What a JSON document without a proof is that people take for a credential, or nothing.
 * @param {Uint8Array} raw
 */
function otherJson(raw) {
  const document = readOrNull(raw);
  if (!isObject(document) || "proof" in document) return undefined;
  return OTHER_JSON.find(([, recognises]) => recognises(document))?.[0];
}

/**
 * Whether a JSON document is an Assertion of Open Badges 1 or 2. Source: Open Badges 2.0, Assertion.
 * @param {Record<string, any>} document
 */
function isOpenBadges2(document) {
  const contexts = [document["@context"]].flat(1);
  const isNamed = contexts.some((name) => typeof name === "string" && name.startsWith("https://w3id.org/openbadges/v"));
  return isNamed || document.type === "Assertion";
}

/** @type {[keyof typeof words.file, (document: Record<string, any>) => boolean][]} */
const OTHER_JSON = [
  ["withheld", ({ withheld }) => withheld === true],
  ["open_badges_2", isOpenBadges2],
];

/** @param {Uint8Array} raw */
function readOrNull(raw) {
  try {
    return parseJson(raw);
  } catch (error) {
    if (error instanceof EncodingError) return null;
    throw error;
  }
}
