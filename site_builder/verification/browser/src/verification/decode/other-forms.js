/**
 * Forms that are not checked here, known well enough to be named and to say what helps. A new one is a row here and a sentence.
 *
 * The sentences are the group "form" of wording/en.json. site_builder/verification/decode/other_forms.py has the same rows.
 */

import { firstSign } from "../../credentials/carriers/form.js";
import { carrierOf } from "../../credentials/carriers/table.js";
import { EncodingError, isObject, parseBase64url, parseJson } from "../../encoding.js";
import { unsupported } from "../finding.js";
import { isOpenBadges, toldOpenBadges } from "./open-badges-2.js";
import { isHtml } from "./web-page.js";

const HEAD_BYTES = 4096;
// RFC 7515, 3.1 (compact serialization); SD-JWT appends its disclosures behind tildes.
const TOKEN = /^[\t-\r ]*eyJ[A-Za-z0-9_-]*\.([A-Za-z0-9_-]*)\.[A-Za-z0-9_-]*(~[A-Za-z0-9._~-]*)?[\t-\r ]*$/;
const MAX_TOKEN_BYTES = 1_048_576;
// RFC 5322, 2.2: a field of a mail, folded or not, and another one.
const MAIL =
  /^(?:from|to|subject|date|received|return-path|delivered-to|message-id|mime-version|reply-to|dkim-signature|x-[a-z-]+):[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*[a-z-]+:/i;

/**
 * What was given. head: its first bytes, one a character. document: the JSON object, that of a token's payload among them, {} for none.
 * types: those of the document.
 * @typedef {{raw: Uint8Array, head: string, value: any, document: Record<string, any>, types: any[], isToken: boolean, isSelective: boolean}} Given
 */

/**
 * What is said of a document that is not of a form that is checked; null of one that claims to be, and is wrong.
 * @param {any} value the JSON value, null for what is no JSON
 * @param {Uint8Array} raw
 */
export function otherForm(value, raw) {
  const given = givenOf(value, raw);
  const isBroken = value === null && /^[\t-\r ]*\{(?!\0)/.test(given.head);
  if (!given.isToken && (hasType(given, "OpenBadgeCredential", "AchievementCredential") || isBroken)) return null;
  if (isOpenBadges(given.document)) return toldOpenBadges(given.document, given.isToken);
  return unsupported(FORMS.find(([, recognises]) => recognises(given))?.[0] ?? "unknown");
}

/** @param {Uint8Array} raw */
const latin = (raw) => {
  let text = "";
  for (let at = 0; at < raw.length; at += HEAD_BYTES) text += String.fromCharCode(...raw.subarray(at, at + HEAD_BYTES));
  return text;
};

/**
 * @param {any} value
 * @param {Uint8Array} raw
 * @returns {Given}
 */
function givenOf(value, raw) {
  const head = latin(raw.subarray(0, HEAD_BYTES));
  const token = raw.length <= MAX_TOKEN_BYTES && /^[\t-\r ]*(?:$|e)/.test(head) ? TOKEN.exec(latin(raw)) : null;
  if (!token) return withTypes({ raw, head, value, document: isObject(value) ? value : {}, isToken: false, isSelective: false });
  const payload = payloadOf(token[1]);
  // VC-JWT of VC Data Model 1.1, 6.3.1: the credential is a claim.
  const inner = payload.vc ?? payload.vp;
  const isSelective = token[2] !== undefined || "_sd" in payload;
  return withTypes({ raw, head, value, document: isObject(inner) ? inner : payload, isToken: true, isSelective });
}

/** @param {Omit<Given, "types">} given */
const withTypes = (given) => ({ ...given, types: [given.document.type].flat(1) });

/**
 * @param {string} part
 * @returns {Record<string, any>}
 */
function payloadOf(part) {
  try {
    const value = parseJson(parseBase64url(part));
    return isObject(value) ? value : {};
  } catch (error) {
    if (error instanceof EncodingError) return {};
    throw error;
  }
}

/**
 * @param {Given} given
 * @param {string[]} names
 */
const hasType = ({ types }, ...names) => names.some((name) => types.includes(name));

/** @param {Given} given */
const isCredential = (given) => hasType(given, "VerifiableCredential", "OpenBadgeCredential", "AchievementCredential");

// Source: Blockcerts 2.0 and 3.0, context.
/** @param {Given} given */
const isBlockcerts = ({ document }) =>
  [document["@context"]].flat(1).some((name) => typeof name === "string" && name.toLowerCase().includes("blockcerts"));

/** @param {Given} given */
function isText({ raw }) {
  try {
    return !/[\x00-\x08\x0e-\x1f]/.test(new TextDecoder("utf-8", { fatal: true }).decode(raw));
  } catch {
    return false;
  }
}

/** @param {RegExp} pattern */
const begins = (pattern) => (/** @type {Given} */ { head }) => pattern.test(head);

/** @param {string[]} names */
const typed = (...names) => (/** @type {Given} */ given) => hasType(given, ...names);

/**
 * What something is, the first that recognises it says: from the narrow to the wide.
 * @type {[string, (given: Given) => boolean][]}
 */
const FORMS = [
  ["empty", ({ raw }) => firstSign(raw) === undefined],
  ["sd-jwt", ({ isSelective }) => isSelective],
  ["blockcerts", isBlockcerts],
  ["clr-2.0", typed("ClrCredential")],
  ["presentation", typed("VerifiablePresentation")],
  ["endorsement", typed("EndorsementCredential")],
  ["status-list", typed("BitstringStatusListCredential", "StatusList2021Credential", "RevocationList2020Credential")],
  ["vc-jwt", typed("EnvelopedVerifiableCredential")],
  ["vc-jwt", (given) => given.isToken && isCredential(given)],
  ["jwt", ({ isToken }) => isToken],
  ["withheld", ({ document }) => document.withheld === true],
  ["vc", isCredential],
  ["did-document", ({ document }) => "verificationMethod" in document || "assertionMethod" in document],
  ["achievement", typed("Achievement", "BadgeClass")],
  ["profile", typed("Profile", "Issuer")],
  ["json", ({ value }) => value !== null],
  ["pdf", begins(/^%PDF-/i)],
  ["jpeg", begins(/^\xff\xd8\xff/)],
  // GIF; WebP; HEIC and AVIF.
  ["picture", begins(/^(?:GIF8|RIFF[^\n]{4}WEBP|[^\n]{4}ftyp(?:hei|mif|avi))/i)],
  // Also OOXML and wallet passes, which are ZIP archives.
  ["zip", begins(/^PK(?:\x03\x04|\x05\x06)/i)],
  ["web-page", ({ raw }) => isHtml(raw)],
  ["image", ({ raw }) => carrierOf(raw) !== undefined],
  ["encoding", begins(/^(?:\xff\xfe|\xfe\xff|\0\0\xfe\xff|\{\0|\0+\{)/)],
  ["email", begins(MAIL)],
  ["text", isText],
];
