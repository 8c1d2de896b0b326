/**
 * What jsonld.js and rdf-canonize ask of the machine and of each other: the build puts it in the place of their own.
 *
 * rdf-canonize's stand-in for setImmediate can make code of text, and its index brings a synchronous twin that is never called.
 */

export { default as IdentifierIssuer } from "../../../../../node_modules/rdf-canonize/lib/IdentifierIssuer.js";

export const { crypto } = globalThis;

/** So many bytes as digits. */
export const bufferToHex = (/** @type {ArrayBuffer} */ buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Lets the page breathe between two steps. */
export const setImmediate = (/** @type {() => void} */ resume) => void setTimeout(resume);
