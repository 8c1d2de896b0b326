/**
 * The rosette of a credential: line ornament and four words, from the SHA-256 of what was signed.
 *
 * An ornament and an aid for comparing paper with screen by eye, never a check. The algorithm in words, and why it is so:
 * content/pages/decisions/rosette.md. site_builder/credentials/rosette/drawing.py is the same program.
 */

import { canonicalizeJcs } from "../securing/jcs.js";
import { withoutProof } from "../securing/data-integrity.js";
import { drawBody, drawBorder, drawMotif, drawRing } from "./layers.js";
import words from "./words.json" with { type: "json" };

const SVG = "http://www.w3.org/2000/svg";
// One ink that reads on white, on paper and on night: a picture in a page cannot take the page's colour.
const INK = "#867b6b";
const VIEW_BOX = "-4096 -4096 8192 8192";
const [FINE, BOLD] = [17, 38];
const ORDERS = [4, 5, 6, 7, 8, 9, 10, 12];
// Petals and loops of a motif, and its points and arms: none of a number that would make a known sign of it.
const ROUND_ORDERS = [3, 4, 5, 6, 7, 8, 9, 10];
const POINTED_ORDERS = [5, 7, 8, 9, 10, 12, 14, 16];
const POINTED_MOTIFS = [1, 4, 6];

/**
 * Path data (SVG) with its stroke's width, to be drawn as often as turns says, each time a turn's part further.
 * @typedef {{d: string, width: number, turns: number}} RosettePath
 */

/**
 * 32 bytes: SHA-256 of the canonical form (RFC 8785) of the credential without its proofs.
 * @param {Record<string, any>} document
 */
export async function rosetteDigest(document) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", canonicalizeJcs(withoutProof(document))));
}

/**
 * The four words of a digest: its first four bytes, each a place in the list of 256.
 * @param {Uint8Array} digest
 */
export const rosetteWords = (digest) => [...digest.subarray(0, 4)].map((byte) => words[byte]);

/**
 * The four layers, from the outside in. Bytes 4 to 12 decide: each by its remainder of 8, or of 4.
 * @param {Uint8Array} digest
 * @returns {{viewBox: string, stroke: string, paths: RosettePath[]}}
 */
export function rosettePaths(digest) {
  const [order, borderOrder, motif] = [ORDERS[digest[4] % 8], ORDERS[digest[5] % 8], digest[12] % 8];
  const motifOrder = (POINTED_MOTIFS.includes(motif) ? POINTED_ORDERS : ROUND_ORDERS)[digest[6] % 8];
  const border = drawBorder(digest[8] % 8, borderOrder, { outline: digest[7] % 4 });
  const body = drawBody(digest[9] % 8, order, { extra: digest[10] % 4 });
  return {
    viewBox: VIEW_BOX,
    stroke: INK,
    paths: [
      { d: border, width: FINE, turns: borderOrder },
      { d: body, width: FINE, turns: order },
      { d: drawRing(digest[11] % 8, order), width: FINE, turns: order },
      { d: drawMotif(motif, motifOrder), width: BOLD, turns: motifOrder },
    ],
  };
}

/**
 * index parts of a whole turn in degrees, cut to thousandths: 51.428.
 * @param {number} index
 * @param {number} turns
 */
function degrees(index, turns) {
  const thousandths = Math.floor((360_000 * index) / turns);
  return `${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, "0")}`;
}

/**
 * The rosette as an element for a page. It is an ornament: hidden from screen readers, whose users have the words.
 * @param {Uint8Array} digest
 */
export function rosetteElement(digest) {
  const { viewBox, stroke, paths } = rosettePaths(digest);
  const svg = made("svg", { viewBox, fill: "none", stroke, "aria-hidden": "true" });
  svg.setAttribute("stroke-linecap", "round");
  svg.setAttribute("stroke-linejoin", "round");
  for (const { d, width, turns } of paths) {
    for (let index = 0; index < turns; index += 1) {
      const transform = `rotate(${degrees(index, turns)})`;
      svg.append(made("path", { d, "stroke-width": String(width), transform }));
    }
  }
  return svg;
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 */
function made(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/**
 * The bytes of rosette.svg, as text: what a site publishes beside the credential.
 * @param {Uint8Array} digest
 */
export function rosetteSvg(digest) {
  const { viewBox, stroke, paths } = rosettePaths(digest);
  const layers = paths.map(({ d, width, turns }, layer) => {
    const turned = Array.from(
      { length: turns - 1 },
      (_, index) => `<use href="#l${layer}" transform="rotate(${degrees(index + 1, turns)})"/>`,
    );
    return `<path id="l${layer}" stroke-width="${width}" d="${d}"/>${turned.join("")}`;
  });
  return (
    `<svg xmlns="${SVG}" viewBox="${viewBox}" fill="none" stroke="${stroke}" ` +
    `stroke-linecap="round" stroke-linejoin="round">${layers.join("")}</svg>\n`
  );
}
