/** What all carriers share: how large one may be, how a refusal is said, and what a carried credential looks like. */

export const MAX_IMAGE_BYTES = 10 * 1_048_576;

/** An image that is not one, or that carries no credential that can be read here. */
export class BakeError extends Error {}

/** A sound image that carries no Open Badges 3.0 credential. */
export class EmptyImageError extends BakeError {}

const WHITE_SPACE = [0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d];

/**
 * The first byte that is no white space; undefined where there is none.
 * @param {Uint8Array} raw
 */
export const firstSign = (raw) => raw.find((byte) => !WHITE_SPACE.includes(byte));

/**
 * The carried credential, when it looks like JSON. Throws BakeError.
 * @param {Uint8Array} credential
 */
export function jsonBytes(credential) {
  if (firstSign(credential) !== 0x7b) {
    throw new BakeError("the credential in this image is not JSON (a JSON Web Token is not checked here)");
  }
  return credential;
}

/**
 * Whether what is carried looks like a JSON Web Token. Source: RFC 7515, 3.1.
 * @param {Uint8Array} credential
 */
export const isToken = (credential) => String.fromCharCode(...trimmed(credential).subarray(0, 3)) === "eyJ";

/**
 * Bytes without the white space around them.
 * @param {Uint8Array} raw
 */
export function trimmed(raw) {
  let [start, end] = [0, raw.length];
  while (start < end && WHITE_SPACE.includes(raw[start])) start += 1;
  while (end > start && WHITE_SPACE.includes(raw[end - 1])) end -= 1;
  return raw.subarray(start, end);
}
