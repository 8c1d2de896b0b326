/**
 * A credential out of a baked SVG image: the same program as site_builder/credentials/carriers/svg.py, with the same sentences.
 *
 * Source: Open Badges 3.0, Open Badges Document Formats (File Format: SVG).
 */

import { BakeError, MAX_IMAGE_BYTES, firstSign, jsonBytes } from "./form.js";
import { XmlError, findElements } from "./xml.js";

const NAMESPACE = "https://purl.imsglobal.org/ob/v3p0";

/**
 * Whether a file may be an SVG image: XML, where a credential as JSON would begin with a brace.
 * @param {Uint8Array} raw
 */
export const isSvg = (raw) => firstSign(raw) === 0x3c;

/**
 * The credential in a baked SVG. Throws BakeError.
 * @param {Uint8Array} svg
 */
export function unbakeSvg(svg) {
  if (svg.length > MAX_IMAGE_BYTES) throw new BakeError("this SVG image is larger than 10 MB");
  const found = credentialElements(svg);
  if (found.length !== 1) throw new BakeError("this SVG image carries no Open Badges 3.0 credential, or more than one");
  const [{ attributes, text }] = found;
  if (attributes.get("verify")) {
    throw new BakeError("the credential in this image is a JSON Web Token, which is not checked here");
  }
  return jsonBytes(new TextEncoder().encode(text));
}

/** @param {Uint8Array} svg */
function credentialElements(svg) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(svg);
    return findElements(text, { namespace: NAMESPACE, name: "credential" });
  } catch (error) {
    if (!(error instanceof XmlError || error instanceof TypeError)) throw error;
    throw new BakeError("this is not an SVG image that can be read safely");
  }
}
