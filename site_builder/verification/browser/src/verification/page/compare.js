/**
 * The page against the JSON: what a credential page states must be what was signed, each statement once, and nothing besides.
 *
 * claims.json lists what a page may state; Python shares it.
 */

import claims from "../../../../page/claims.json" with { type: "json" };
import { rosetteDigest, rosetteWords } from "../../credentials/rosette/drawing.js";
import { formatJcs } from "../../credentials/securing/jcs.js";
import { isObject } from "../../encoding.js";
import { formatDate } from "../../wording.js";
import { comparableMarkdown, comparableText, folded } from "./text.js";

/** @typedef {import("./reader.js").PageClaim} PageClaim */
/** @typedef {import("./reader.js").PageImage} PageImage */
/** @typedef {import("./reader.js").StatementPage} StatementPage */

/**
 * A JSON value as a page prints it: text as it is, numbers in their canonical form.
 * @param {unknown} value
 */
export const visibleText = (value) => (typeof value === "string" ? value : formatJcs(value));

/**
 * Where the page differs from the credential, in words; "" when it states exactly what was signed.
 * @param {StatementPage} page
 * @param {Record<string, any>} credential
 */
export async function comparePage(page, credential) {
  if (!page.has_main) return "it has no statement";
  if (page.address && !String(credential.id).endsWith(`/${page.address}`)) {
    return "its address is not that of its credential";
  }
  const expected = await expectedOf(credential, page.is_tombstone);
  for (const [pointer, [writtenAs, value, called]] of expected) {
    const found = page.claims.filter((claim) => claim.pointer === pointer);
    if (found.length !== 1) return found.length ? `it states ${called} more than once` : `${called} is missing`;
    if (found[0].written_as !== writtenAs || !agrees(found[0], value)) return `${called} is not the one that was signed`;
  }
  const unsigned = page.claims.find((claim) => !expected.has(claim.pointer));
  if (unsigned) return `it states ${unsigned.pointer || "four words"}, which was not signed`;
  if (!page.images.every((image) => isSignedImage(image, page, credential))) return "a picture is not the one that was signed";
  return page.stray ? "it says more than was signed" : "";
}

/**
 * The signed picture, from this site or its copy, the QR code or the rosette; the words in its place are the signed ones or none.
 * @param {PageImage} image
 * @param {StatementPage} page
 * @param {Record<string, any>} credential
 */
function isSignedImage({ src, alt }, page, credential) {
  if (src === "qr.svg" || src === "rosette.svg") return alt === "";
  const signed = credential.credentialSubject.achievement.image;
  if (!isObject(signed) || !src.startsWith("../../")) return false;
  const base = String(credential.id).slice(0, -page.address.length || undefined);
  return signed.id === base + src.slice(6) && ["", signed.caption ?? ""].includes(alt);
}

/**
 * How it is written, its value and what people call it, by pointer, of everything that a page must state.
 * @param {Record<string, any>} credential
 * @param {boolean} isTombstone
 * @returns {Promise<Map<string, [string, unknown, string]>>}
 */
async function expectedOf(credential, isTombstone) {
  /** @type {Map<string, [string, unknown, string]>} */
  const found = new Map();
  for (const { pointer, as, tombstone, called } of claims) {
    if (!tombstone && isTombstone) continue;
    if (as === "words") found.set(pointer, [as, rosetteWords(await rosetteDigest(credential)).join(" "), called]);
    else lookUp(credential, pointer.split("/").slice(1), "").forEach(([place, value]) => found.set(place, [as, value, called]));
  }
  return found;
}

/**
 * Pointer and value of every place that a pointer with * for any index leads to.
 * @param {any} value
 * @param {string[]} steps
 * @param {string} pointer
 * @returns {[string, unknown][]}
 */
function lookUp(value, steps, pointer) {
  if (steps.length === 0) return ["string", "number", "boolean"].includes(typeof value) ? [[pointer, value]] : [];
  const [step, ...rest] = steps;
  if (step === "*" && Array.isArray(value)) {
    return value.flatMap((inner, index) => lookUp(inner, rest, `${pointer}/${index}`));
  }
  if (/^[0-9]+$/.test(step) && Array.isArray(value)) {
    return Number(step) < value.length ? lookUp(value[Number(step)], rest, `${pointer}/${step}`) : [];
  }
  return isObject(value) && step in value ? lookUp(value[step], rest, `${pointer}/${step}`) : [];
}

/**
 * @param {PageClaim} claim
 * @param {unknown} value
 */
function agrees(claim, value) {
  const text = visibleText(value);
  if (claim.written_as === "markdown") {
    const [shown, links] = comparableMarkdown(text);
    return comparableText(claim.text) === shown && isSame(claim.links, links);
  }
  if (claim.written_as === "url") return folded(claim.text) === folded(text) && isSame(claim.links, [text]);
  if (claim.written_as === "link") {
    // The words of the link are a statement of their own: the name of what it leads to.
    const name = claim.pointer.replace(/targetUrl$/, "targetName");
    return !folded(claim.text) && isSame(claim.links, [text]) && isSame(claim.wraps, [name]);
  }
  // A statement may be a link (the issuer's name to its site is not one): text claims carry none.
  if (claim.links.length > 0) return false;
  if (claim.written_as !== "date") return folded(claim.text) === folded(text);
  // A page cannot print what is not a date, so nothing that it prints agrees.
  return /^[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}/.test(text) && folded(claim.text) === formatDate(text);
}

/**
 * @param {string[]} some
 * @param {string[]} others
 */
const isSame = (some, others) => some.length === others.length && some.every((item, index) => item === others[index]);
