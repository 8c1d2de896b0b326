/** Decoding, the first step: bytes to what was presented. A new form of credential is a module beside this and a row here. */

import { EncodingError, isObject, parseJson } from "../../encoding.js";
import { finding } from "../finding.js";
import { isOpenBadges3, presentOpenBadges3 } from "./open-badges-3.js";

/** @typedef {import("./presented.js").Presented} Presented */

/**
 * A form of credential. Both functions take the JSON value (null for what is no JSON) and the bytes that it came from.
 *
 * recognises: whether this is one. present: what it presents, with the refusal of one that cannot be verified here.
 * @typedef {{recognises: (value: any, raw: Uint8Array) => boolean, present: (value: any, raw: Uint8Array) => Presented}} Form
 */

// What something is, the first that recognises it says.
/** @type {Form[]} */
export const FORMS = [{ recognises: isOpenBadges3, present: presentOpenBadges3 }];

/**
 * What the bytes present; refused when no form recognises them. Never throws for what they say.
 * @param {Uint8Array} raw
 * @returns {Presented}
 */
export function decode(raw) {
  const [value, complaint] = jsonOf(raw);
  const form = FORMS.find(({ recognises }) => recognises(value, raw));
  if (form) return form.present(value, raw);
  const refusal = complaint ? finding("failed", "not_json", { reason: complaint }) : finding("failed", "not_open_badges");
  return { document: isObject(value) ? value : {}, form: "", securing: "", refusal };
}

/**
 * Whether the bytes are of one of the forms.
 * @param {Uint8Array} raw
 */
export function isRecognised(raw) {
  const [value] = jsonOf(raw);
  return FORMS.some(({ recognises }) => recognises(value, raw));
}

/**
 * The JSON value in raw, and why there is none.
 * @param {Uint8Array} raw
 * @returns {[any, string]}
 */
function jsonOf(raw) {
  try {
    return [parseJson(raw), ""];
  } catch (error) {
    if (error instanceof EncodingError) return [null, error.message];
    throw error;
  }
}
