/**
 * Platforms whose pages hold no credential that can be read: where each keeps the file. A new one is a row here and a sentence.
 *
 * The sentences are the group "platform" of wording/en.json. site_builder/verification/evidence/platforms.py has the same rows.
 */

import { sentence } from "../report.js";

/** @type {[string, RegExp][]} */
const PLATFORMS = [
  ["credly", /^https:\/\/(?:[a-z0-9-]+\.)*credly\.com(?:[/?]|$)/i],
  ["accredible", /^https:\/\/(?:[a-z0-9-]+\.)*(?:accredible\.com|credential\.net)(?:[/?]|$)/i],
  ["linkedin", /^https:\/\/(?:[a-z0-9-]+\.)*linkedin\.com(?:[/?]|$)/i],
  // Of any host. Source: moodle/moodle, badges/badge.php.
  ["moodle", /^https:\/\/[^/?]+\/(?:[^?]*\/)?badges\/badge\.php\?/i],
];
// A host's name with a dot, and a path.
const WITHOUT_SCHEME = /^(?:[a-z0-9-]+\.)+[a-z]{2,}\/\S*$/i;

/**
 * Where the platform of an address keeps the file, as a sentence; "" for any other address.
 * @param {string} address
 */
export function toldPlatform(address) {
  const name = PLATFORMS.find(([, pattern]) => pattern.test(address))?.[0];
  return name ? sentence("platform", name) : "";
}

/**
 * An address as people copy it, credly.com/badges/…, with https; everything else as it is.
 * @param {string} text
 */
export const withScheme = (text) => (WITHOUT_SCHEME.test(text) ? `https://${text}` : text);
