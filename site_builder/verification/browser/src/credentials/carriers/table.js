/** The carriers: kinds of files that have a credential inside. A new one is a module beside this and a row here. */

import { isPng, unbakeOtherPng, unbakePng } from "./png.js";
import { isSvg, unbakeOtherSvg, unbakeSvg } from "./svg.js";

/**
 * A kind of file that has a credential inside. recognises: whether bytes say that they are of this kind.
 * unbake: the credential in a file; throws BakeError. unbakeOther: what a file carries in a form that unbake does not read.
 * @typedef {{recognises: (raw: Uint8Array) => boolean, unbake: (raw: Uint8Array) => Uint8Array,
 *   unbakeOther?: (raw: Uint8Array) => Uint8Array | undefined}} Carrier
 */

// What a file is, the first that claims it says.
/** @type {Carrier[]} */
export const CARRIERS = [
  { recognises: isPng, unbake: unbakePng, unbakeOther: unbakeOtherPng },
  { recognises: isSvg, unbake: unbakeSvg, unbakeOther: unbakeOtherSvg },
];

/**
 * The kind of a file, undefined when it is no carrier.
 * @param {Uint8Array} raw
 */
export const carrierOf = (raw) => CARRIERS.find(({ recognises }) => recognises(raw));
