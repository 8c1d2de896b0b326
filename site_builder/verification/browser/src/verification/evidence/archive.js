/**
 * What an archive's page carries with it, in the place of the web: documents by their addresses, and what is sealed.
 *
 * site/archive/page.py writes it. A sealed document can be found and opened by its address alone, which only a holder of
 * the credential knows: so the page names no credential and no person, and can be handed to anybody.
 */

import { parseBase64url } from "../../encoding.js";
import { FetchError } from "./source.js";

/**
 * archive: the host of the site. as_of: the day of which it tells, for people. documents: texts by address.
 * sealed: by the hex digest of the address, base64url of nonce and ciphertext.
 * @typedef {{archive: string, as_of: string, documents: Record<string, string>, sealed: Record<string, string>}} Archive
 */

/** @type {Archive} */
export const ARCHIVE = JSON.parse(document.getElementById("archive")?.textContent ?? "null");

const NONCE_BYTES = 12;
const documents = new Map(Object.entries(ARCHIVE.documents));
const sealed = new Map(Object.entries(ARCHIVE.sealed));

/**
 * The bytes that the archive holds for an address. Throws FetchError.
 * @param {string} url
 */
export async function fetchArchived(url) {
  const text = documents.get(url);
  if (text !== undefined) return new TextEncoder().encode(text);
  const closed = sealed.get(hex(await digest("name", url)));
  if (closed === undefined) throw new FetchError("not in the archive");
  return open(closed, url);
}

/**
 * @param {string} closed
 * @param {string} url
 */
async function open(closed, url) {
  const bytes = parseBase64url(closed);
  const key = await crypto.subtle.importKey("raw", await digest("key", url), "AES-GCM", false, ["decrypt"]);
  const iv = bytes.subarray(0, NONCE_BYTES);
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, bytes.subarray(NONCE_BYTES)));
}

/**
 * @param {string} purpose
 * @param {string} url
 */
const digest = async (purpose, url) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`laurels archive ${purpose}\n${url}`)));

const hex = (/** @type {Uint8Array} */ bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
