/** Open Badges 3.0 as JSON, secured by Data Integrity proofs. Source: Open Badges 3.0, AchievementCredential. */

import { issuerIdOf } from "../../credentials/openbadges3/read.js";
import { CREDENTIALS_V2, DATA_INTEGRITY, OPEN_BADGES_3, isSameList, proofsOf } from "../../credentials/securing/data-integrity.js";
import { isObject } from "../../encoding.js";
import { unsupported } from "../finding.js";

const CONTEXTS = [CREDENTIALS_V2, OPEN_BADGES_3];

/**
 * Whether a JSON value has what every AchievementCredential has: types, an id, an issuer and an achievement.
 * @param {unknown} value
 */
export function isOpenBadges3(value) {
  if (!isObject(value)) return false;
  const { id, type: types, credentialSubject: subject } = value;
  if (!Array.isArray(types) || !types.includes("VerifiableCredential") || !isObject(subject)) return false;
  if (!types.includes("OpenBadgeCredential") && !types.includes("AchievementCredential")) return false;
  return issuerIdOf(value) !== "" && typeof id === "string" && isObject(subject.achievement);
}

/**
 * The credential; refused when it uses other JSON-LD contexts than the two whose meaning is bundled here.
 *
 * Without a proof nobody signed it, whatever its words mean.
 * @param {Record<string, any>} document
 * @returns {import("./presented.js").Presented}
 */
export function presentOpenBadges3(document) {
  const isKnown = isSameList(document["@context"], CONTEXTS) || proofsOf(document).length === 0;
  const refusal = isKnown ? null : unsupported("contexts");
  return { document, form: "Open Badges 3.0", securing: DATA_INTEGRITY, refusal };
}
