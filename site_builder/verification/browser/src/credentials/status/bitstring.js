/** Status lists: one bit a credential, in a credential of its own. Source: Bitstring Status List 1.0. */

import { isObject, parseBase64url } from "../../encoding.js";

export const LIST_LENGTH = 131_072;
const MAX_LIST_BYTES = 4 * 1_048_576;

/** A status entry or list that cannot be read as Bitstring Status List 1.0 says. */
export class StatusError extends Error {}

/**
 * The bits behind encodedList. Refuses lists shorter than 16 KB or longer than 4 MB. Source: section 3.2, 3.4.
 * @param {string} encoded
 */
export async function decodeList(encoded) {
  if (!encoded.startsWith("u")) throw new StatusError("the status list is not in multibase base64url");
  const bits = await unpack(encoded.slice(1));
  if (bits.length * 8 < LIST_LENGTH) {
    throw new StatusError("the status list is shorter than the standard allows (STATUS_LIST_LENGTH_ERROR)");
  }
  return bits;
}

/** @param {string} text */
async function unpack(text) {
  try {
    return await gunzip(parseBase64url(text));
  } catch (error) {
    // No DecompressionStream at all: that says nothing about the list. Every other error does, whatever its class.
    if (error instanceof ReferenceError) throw error;
    throw new StatusError("the status list cannot be unpacked: it is damaged, not complete, or longer than 4 MB");
  }
}

/** @param {Uint8Array<ArrayBuffer>} packed */
async function gunzip(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const unpacked = await readAtMost(stream, MAX_LIST_BYTES);
  // RFC 1952, 2.3.1: the last four bytes say how many were packed. Some decompressors read on into trailing data.
  const said = new DataView(packed.buffer, packed.length - 4).getUint32(0, true);
  if (said !== unpacked.length) throw new RangeError("trailing data");
  return unpacked;
}

/**
 * All bytes of a stream. Throws RangeError, and stops reading, when there are more than the limit.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream
 * @param {number} limit
 */
export async function readAtMost(stream, limit) {
  const reader = stream.getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let length = 0;
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    length += step.value.length;
    if (length > limit) {
      await reader.cancel();
      throw new RangeError("more bytes than allowed");
    }
    parts.push(step.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/**
 * The bit at index. Throws StatusError beyond the list (RANGE_ERROR).
 * @param {Uint8Array} bits
 * @param {number} index
 */
export function isSet(bits, index) {
  if (index >= bits.length * 8) {
    throw new StatusError("the credential's place lies outside of its status list (RANGE_ERROR)");
  }
  return (bits[index >> 3] & (0x80 >> (index & 7))) !== 0;
}

/**
 * Whether a credentialStatus is one entry of this standard, with the purpose revocation. Source: section 2.1.
 * @param {unknown} entry
 * @returns {entry is Record<string, any>}
 */
export const isRevocationEntry = (entry) =>
  isObject(entry) && entry.type === "BitstringStatusListEntry" && entry.statusPurpose === "revocation";

/**
 * Address of the list and index of a revocation entry. Throws StatusError for one that is not complete, or not of one bit.
 * @param {Record<string, any>} entry
 * @returns {[string, number]}
 */
export function readEntry({ statusListCredential: url, statusListIndex, statusSize = 1 }) {
  if (typeof url !== "string" || statusSize !== 1) {
    throw new StatusError("this credential's status entry is not complete, or has more than one bit");
  }
  return [url, parseIndex(statusListIndex)];
}

/**
 * statusListIndex: a text of digits, no sign, no leading zero.
 * @param {unknown} text
 */
export function parseIndex(text) {
  if (typeof text !== "string" || !/^(?:0|[1-9][0-9]{0,9})$/.test(text)) {
    throw new StatusError("this credential's place in its status list is not a number");
  }
  return Number(text);
}

/**
 * The bits of a status list credential that lies at url. Throws StatusError.
 * @param {unknown} document
 * @param {{url: string}} options
 */
export async function readList(document, { url }) {
  if (!isObject(document) || document.id !== url) {
    throw new StatusError("the document found is not the status list that the credential names");
  }
  const { type: types, credentialSubject: subject } = document;
  if (!Array.isArray(types) || !types.includes("BitstringStatusListCredential") || !isObject(subject)) {
    throw new StatusError("the document found is not a status list");
  }
  // One list may serve several purposes. Source: section 2.2 (statusPurpose).
  if (subject.type !== "BitstringStatusList" || ![subject.statusPurpose].flat().includes("revocation")) {
    throw new StatusError("the status list found is not for revocation");
  }
  if (typeof subject.encodedList !== "string") throw new StatusError("the status list has no encodedList");
  return decodeList(subject.encodedList);
}
