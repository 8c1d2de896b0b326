/**
 * A credential out of a baked SVG image: the same program as site_builder/credentials/carriers/svg.py, with the same sentences.
 *
 * Source: Open Badges 3.0, Open Badges Document Formats (File Format: SVG).
 */

import { BakeError, EmptyImageError, MAX_IMAGE_BYTES, firstSign, isToken, jsonBytes, trimmed } from "./form.js";
import { XmlError, findElements } from "./xml.js";

const OWN = { namespace: "https://purl.imsglobal.org/ob/v3p0", name: "credential" };
// Of Open Badges 1 and 2. Source: Open Badges 2.0, Baking.
const OLDER = { namespace: "http://openbadges.org", name: "assertion" };
const SVG = /<(?:[A-Za-z_][\w.-]*:)?svg[\t-\r />]/;

/**
 * Whether a file may be an SVG image: XML that has the element <svg> near its beginning.
 * @param {Uint8Array} raw
 */
export const isSvg = (raw) => firstSign(raw) === 0x3c && SVG.test(new TextDecoder("latin1").decode(raw.subarray(0, 65_536)));

/**
 * The credential in a baked SVG. Throws BakeError.
 * @param {Uint8Array} svg
 */
export function unbakeSvg(svg) {
  const found = elements(svg, OWN);
  if (found.length === 0) throw new EmptyImageError("this SVG image carries no Open Badges 3.0 credential");
  if (found.length > 1) throw new BakeError("this SVG image carries more than one credential");
  const [{ attributes, text }] = found;
  if (attributes.get("verify")) {
    throw new BakeError("the credential in this image is a JSON Web Token, which is not checked here");
  }
  return jsonBytes(new TextEncoder().encode(text));
}

/**
 * What an SVG carries in another form: a token, or a badge of Open Badges 1 or 2. Throws BakeError.
 * @param {Uint8Array} svg
 */
export function unbakeOtherSvg(svg) {
  const own = onlyText(svg, OWN);
  return own && isToken(own) ? own : onlyText(svg, OLDER);
}

/**
 * What an element of a name says, in it or as its attribute; undefined where there is not exactly one, or it says nothing.
 * @param {Uint8Array} svg
 * @param {{namespace: string, name: string}} wanted
 */
function onlyText(svg, wanted) {
  const [found, ...others] = elements(svg, wanted);
  if (!found || others.length) return undefined;
  const said = [found.text, found.attributes.get("verify") ?? ""].map((text) => trimmed(new TextEncoder().encode(text)));
  return said.find(({ length }) => length > 0);
}

/**
 * The elements of a name within a drawing. Throws BakeError.
 * @param {Uint8Array} svg
 * @param {{namespace: string, name: string}} wanted
 */
function elements(svg, wanted) {
  if (svg.length > MAX_IMAGE_BYTES) throw new BakeError("this SVG image is larger than 10 MB");
  try {
    return findElements(svg, wanted);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new BakeError("this is not an SVG image that can be read safely");
  }
}
