/**
 * A credential out of a baked PNG image: the same program as site_builder/credentials/carriers/png.py, with the same sentences.
 *
 * Source: Open Badges 3.0, Open Badges Document Formats (File Format: PNG); PNG Specification (Third Edition), 5 and
 * 11.3.3.4 (iTXt).
 */

import { BakeError, EmptyImageError, MAX_IMAGE_BYTES, isToken, jsonBytes } from "./form.js";

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const KEYWORD = "openbadgecredential\0";
// Of Open Badges 1 and 2. Source: Open Badges 2.0, Baking.
const OLDER_KEYWORD = "openbadges\0";

/**
 * Whether a file begins as a PNG image does.
 * @param {Uint8Array} raw
 */
export const isPng = (raw) => PNG_SIGNATURE.every((byte, index) => raw[index] === byte);

// The polynomial of PNG Specification, 5.5, byte by byte.
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1;
  return sum;
});

/** @param {Uint8Array} bytes */
function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = CRC_TABLE[(sum ^ byte) & 0xff] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

/**
 * The bytes as text of one character each, as long as they are ASCII: to compare names.
 * @param {Uint8Array} bytes
 */
const asText = (bytes) => String.fromCharCode(...bytes);

/**
 * Type and data of each chunk, with lengths and checksums verified; IHDR first, IEND last, nothing after it.
 * @param {Uint8Array} png
 * @returns {Generator<{kind: string, data: Uint8Array}>}
 */
function* pngChunks(png) {
  if (png.length > MAX_IMAGE_BYTES || !isPng(png)) throw new BakeError("this is not a PNG image, or it is larger than 10 MB");
  const view = new DataView(png.buffer, png.byteOffset, png.length);
  let [offset, seen] = [PNG_SIGNATURE.length, ""];
  while (seen !== "IEND") {
    if (offset + 12 > png.length) throw new BakeError("this PNG image is cut off");
    const kind = asText(png.subarray(offset + 4, offset + 8));
    const end = offset + 12 + view.getUint32(offset);
    if (end > png.length || (!seen && kind !== "IHDR")) {
      throw new BakeError("this PNG image is cut off or does not begin as one");
    }
    if (crc32(png.subarray(offset + 4, end - 4)) !== view.getUint32(end - 4)) {
      throw new BakeError("this PNG image is damaged (a checksum is wrong)");
    }
    yield { kind, data: png.subarray(offset + 8, end - 4) };
    [offset, seen] = [end, kind];
  }
  if (offset !== png.length) throw new BakeError("this PNG image has something behind its end");
}

/**
 * The credential in a baked PNG. Throws BakeError when there is none, more than one, or a compressed one.
 * @param {Uint8Array} png
 */
export function unbakePng(png) {
  const found = [...pngChunks(png)].filter(
    ({ kind, data }) => kind === "iTXt" && asText(data.subarray(0, KEYWORD.length)) === KEYWORD,
  );
  if (found.length === 0) throw new EmptyImageError("this PNG image carries no Open Badges 3.0 credential");
  if (found.length > 1) throw new BakeError("this PNG image carries more than one credential");
  const [{ data }] = found;
  if (data[KEYWORD.length] !== 0 || data[KEYWORD.length + 1] !== 0) {
    throw new BakeError("the credential in this PNG image is compressed, which the standard forbids");
  }
  const credential = textOf(data);
  if (!credential) throw new BakeError("the credential in this PNG image is cut off");
  return jsonBytes(credential);
}

/**
 * What a PNG carries in another form: a token, or a badge of Open Badges 1 or 2. Throws BakeError.
 * @param {Uint8Array} png
 */
export function unbakeOtherPng(png) {
  const texts = [...pngChunks(png)].filter(({ kind }) => kind === "iTXt" || kind === "tEXt");
  const [own, older] = [KEYWORD, OLDER_KEYWORD].map((keyword) => onlyText(texts, keyword));
  return own && isToken(own) ? own : older;
}

/**
 * @param {{kind: string, data: Uint8Array}[]} texts
 * @param {string} keyword
 */
function onlyText(texts, keyword) {
  const found = texts.filter(({ data }) => asText(data.subarray(0, keyword.length)) === keyword);
  if (found.length !== 1) return undefined;
  const [{ kind, data }] = found;
  return kind === "tEXt" ? data.subarray(keyword.length) : textOf(data);
}

/**
 * The text of an iTXt chunk; undefined when it is compressed or cut off. Source: PNG Specification (Third Edition), 11.3.3.4.
 * @param {Uint8Array} data
 */
function textOf(data) {
  const text = data.subarray(data.indexOf(0) + 1);
  // Behind the flags: language, translated keyword, text.
  const language = text[0] === 0 && text[1] === 0 ? text.indexOf(0, 2) : -1;
  const translated = language < 0 ? -1 : text.indexOf(0, language + 1);
  return translated < 0 ? undefined : text.subarray(translated + 1);
}
