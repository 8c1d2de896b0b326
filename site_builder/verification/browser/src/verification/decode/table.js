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
 * What is said of a document that is not of a form that is checked; null of one that claims to be (other-forms.js).
 * @typedef {(value: any, raw: Uint8Array) => import("../finding.js").Finding | null} NameForm
 */

/**
 * What the bytes present; refused when no form recognises them: named if it is another, failed if it claims to be one.
 *
 * Never throws for what they say. nameForm: a page that shows its own credential alone needs none.
 * @param {Uint8Array} raw
 * @param {NameForm} [nameForm]
 * @returns {Presented}
 */
export function decode(raw, nameForm = () => null) {
  const [value, complaint] = jsonOf(raw);
  const form = FORMS.find(({ recognises }) => recognises(value, raw));
  if (form) return form.present(value, raw);
  const claimed = complaint ? finding("failed", "not_json", { reason: complaint }) : finding("failed", "not_open_badges");
  return { document: isObject(value) ? value : {}, form: "", securing: "", refusal: nameForm(value, raw) ?? claimed };
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
