/**
 * What a verified credential says, in the words that were signed: for a page that has nothing else to show of it.
 *
 * The words are a stranger's. They go in as text, on one line each, and nothing of theirs is loaded.
 */

import { make } from "./dom.js";
import { isObject } from "./encoding.js";
import { formatDate, visibleText } from "./page.js";
import { legible } from "./report.js";

/** @typedef {Record<string, any>} Json */

/**
 * Who says what about whom. Null when the document does not say it where Open Badges 3.0 has it.
 * @param {Json} document
 */
export function whoSaysWhat(document) {
  const { issuer, credentialSubject: subject, validFrom } = document;
  const [named] = identifiersOf(subject).filter(({ identityType, hashed }) => identityType === "name" && !hashed);
  const words = [issuer?.name, subject.achievement?.name, named?.identityHash ?? "somebody who is not named"];
  if (!words.every((word) => typeof word === "string") || typeof validFrom !== "string") return null;
  const [issuerName, achievement, recipient] = words.map(legible);
  return { issuer: issuerName, recipient, achievement, date: legible(formatDate(validFrom)) };
}

/** @param {Json} subject */
const identifiersOf = (subject) => [subject.identifier].flat(1).filter(isObject);

/** @typedef {{label: string, at: string[], as?: "date" | "address"}} FactKind */

/** @type {FactKind[]} */
const FACTS = [
  { label: "Awarded", at: ["awardedDate"], as: "date" },
  { label: "Valid from", at: ["validFrom"], as: "date" },
  { label: "Valid until", at: ["validUntil"], as: "date" },
  { label: "Role", at: ["credentialSubject", "role"] },
  { label: "Credits earned", at: ["credentialSubject", "creditsEarned"] },
  { label: "Licence", at: ["credentialSubject", "licenseNumber"] },
  { label: "Type", at: ["credentialSubject", "achievement", "achievementType"] },
  { label: "About", at: ["credentialSubject", "achievement", "description"] },
  { label: "Credential", at: ["id"], as: "address" },
  { label: "Issuer", at: ["issuer", "id"] },
  { label: "Issuer's site", at: ["issuer", "url"], as: "address" },
];

/**
 * The facts of a credential as a list of terms, and its evidence.
 * @param {Json} document
 */
export function factsOf(document) {
  const facts = FACTS.map(({ label, at, as }) => ({ label, as, value: at.reduce((inner, key) => inner?.[key], document) }));
  const evidence = [document.evidence].flat(1).filter(isObject).map(({ id }) => ({ label: "Evidence", as: "address", value: id }));
  return [...facts, ...evidence]
    .filter(({ label, value }) => isSayable(value) && !(label === "Valid from" && value === document.awardedDate))
    .map(({ label, as, value }) => make("div", {}, make("dt", {}, label), make("dd", {}, shown(value, as))));
}

/** @param {unknown} value */
const isSayable = (value) => typeof value === "number" || (typeof value === "string" && value !== "");

/**
 * @param {string | number} value
 * @param {string} [as]
 */
function shown(value, as) {
  const text = legible(as === "date" ? formatDate(String(value)) : visibleText(value));
  // An address that was cut, or that says what it should not, is text.
  if (as !== "address" || text !== value || !/^https:\/\/[\x21-\x7e]+$/.test(text)) return make("bdi", {}, text);
  return make("a", { href: text, rel: "nofollow noopener noreferrer ugc" }, text);
}
