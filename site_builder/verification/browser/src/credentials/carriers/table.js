/** The carriers: kinds of files that have a credential inside. A new one is a module beside this and a row here. */

import { isPng, unbakePng } from "./png.js";
import { isSvg, unbakeSvg } from "./svg.js";

/**
 * A kind of file that has a credential inside. isOne: whether bytes say that they are of this kind.
 * unbake: the credential in a file; throws BakeError.
 * @typedef {{isOne: (raw: Uint8Array) => boolean, unbake: (raw: Uint8Array) => Uint8Array}} Carrier
 */

// What a file is, the first that claims it says.
/** @type {Carrier[]} */
export const CARRIERS = [
  { isOne: isPng, unbake: unbakePng },
  { isOne: isSvg, unbake: unbakeSvg },
];

/**
 * The kind of a file, undefined when it is no carrier.
 * @param {Uint8Array} raw
 */
export const carrierOf = (raw) => CARRIERS.find(({ isOne }) => isOne(raw));
