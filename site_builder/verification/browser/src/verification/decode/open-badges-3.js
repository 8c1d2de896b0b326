/** Open Badges 3.0 as JSON, secured by Data Integrity proofs. Source: Open Badges 3.0, AchievementCredential. */

import { issuerIdOf } from "../../credentials/openbadges3/read.js";
import { areOpenBadgesContexts } from "../../credentials/securing/contexts.js";
import { DATA_INTEGRITY, proofsOf } from "../../credentials/securing/data-integrity.js";
import { isObject } from "../../encoding.js";
import { finding, unsupported } from "../finding.js";

/**
 * Whether a JSON value has what tells an AchievementCredential: types, an issuer and an achievement.
 * @param {unknown} value
 */
export function isOpenBadges3(value) {
  if (!isObject(value)) return false;
  const { id = "", type: types, credentialSubject: subject } = value;
  if (!Array.isArray(types) || !types.includes("VerifiableCredential") || !isObject(subject)) return false;
  if (!types.includes("OpenBadgeCredential") && !types.includes("AchievementCredential")) return false;
  return issuerIdOf(value) !== "" && typeof id === "string" && isObject(subject.achievement);
}

/**
 * The credential; refused without id, and when it uses JSON-LD contexts that are not known here, or in another order.
 *
 * Without a proof nobody signed it, whatever its words mean.
 * @param {Record<string, any>} document
 * @returns {import("./presented.js").Presented}
 */
export function presentOpenBadges3(document) {
  const isKnown = areOpenBadgesContexts(document["@context"]) || proofsOf(document).length === 0;
  const refusal = "id" in document ? (isKnown ? null : unsupported("contexts")) : finding("failed", "no_id");
  return { document, form: "Open Badges 3.0", securing: DATA_INTEGRITY, refusal };
}
