/** The carriers: kinds of files that have a credential inside. A new one is a module beside this and a row here. */

import { isPng, unbakePng } from "./png.js";
import { isSvg, unbakeSvg } from "./svg.js";

/**
 * A kind of file that has a credential inside. recognises: whether bytes say that they are of this kind.
 * unbake: the credential in a file; throws BakeError.
 * @typedef {{recognises: (raw: Uint8Array) => boolean, unbake: (raw: Uint8Array) => Uint8Array}} Carrier
 */

// What a file is, the first that claims it says.
/** @type {Carrier[]} */
export const CARRIERS = [
  { recognises: isPng, unbake: unbakePng },
  { recognises: isSvg, unbake: unbakeSvg },
];

/**
 * The kind of a file, undefined when it is no carrier.
 * @param {Uint8Array} raw
 */
export const carrierOf = (raw) => CARRIERS.find(({ recognises }) => recognises(raw));
