/**
 * versions.json: which versions of a credential exist, and which is the current one. Unsigned: it only says where to look.
 *
 * site_builder/verification/versions.py reads it by the same rules.
 */

import { isObject, parseJson } from "../encoding.js";

const MAX_VERSIONS = 1_000;
const FILE = /^credential(?:-([2-9]|[1-9][0-9]{1,3}))?\.json$/;

/** A versions.json that is not of the form that is published. */
export class VersionsError extends Error {}

/**
 * The number of the version that a file name stands for; 0 for any other name.
 * @param {string} file
 */
export function versionNumber(file) {
  const found = FILE.exec(file);
  return found ? Number(found[1] ?? 1) : 0;
}

/**
 * File name of a version.
 * @param {number} number
 */
export const credentialFile = (number) => (number === 1 ? "credential.json" : `credential-${number}.json`);

/**
 * The number of the current version in the bytes of a versions.json; 0 when the award was erased. Throws VersionsError.
 *
 * Every version is listed, in order; what else a list says is passed over.
 * @param {Uint8Array} raw
 */
export function currentVersion(raw) {
  const list = parseJson(raw);
  const entries = isObject(list) ? list.versions : null;
  if (!Array.isArray(entries) || !entries.length || entries.length > MAX_VERSIONS || !entries.every(isEntry)) {
    throw new VersionsError("this is not a list of versions, each in its place");
  }
  const { current } = list;
  if (current === null) return 0;
  if (typeof current !== "number" || !entries[current - 1] || "withheld" in entries[current - 1]) {
    throw new VersionsError("this list of versions names no current one that is published");
  }
  return current;
}

/**
 * @param {unknown} entry
 * @param {number} index
 */
const isEntry = (entry, index) =>
  isObject(entry) &&
  entry.version === index + 1 &&
  entry.file === credentialFile(index + 1) &&
  (!("withheld" in entry) || entry.withheld === true);
