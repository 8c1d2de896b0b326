/**
 * What a verified credential says, in the words that were signed: for a page that has nothing else to show of it.
 *
 * The words are a stranger's. They go in as text, on one line each, and nothing of theirs is loaded.
 */

import { make } from "./dom.js";
import { issuerIdOf } from "../credentials/openbadges3/read.js";
import { isObject } from "../encoding.js";
import { domainOf } from "../verification/domain.js";
import { visibleText } from "../verification/page/statement.js";
import { legible } from "../verification/report.js";
import { formatDate } from "../wording.js";

/** @typedef {Record<string, any>} Json */

/**
 * Who says what about whom. Null when the document does not say it where Open Badges 3.0 has it.
 * @param {Json} document
 */
export function whoSaysWhat(document) {
  const { issuer, credentialSubject: subject, validFrom } = document;
  const [named] = objects(subject.identifier).filter(isName);
  const holder = named?.identityHash || (typeof subject.name === "string" && subject.name) || "somebody who is not named";
  const words = [issuer?.name || domainOf(issuerIdOf(document)), subject.achievement?.name, holder];
  if (!words.every((word) => typeof word === "string") || typeof validFrom !== "string") return null;
  const [issuerName, achievement, recipient] = words.map(legible);
  return { issuer: issuerName, recipient, achievement, date: legible(formatDate(validFrom)) };
}

/**
 * Whether an IdentityObject gives a name in the clear.
 * @param {Json} identity
 */
const isName = ({ identityType, hashed, identityHash }) => identityType === "name" && !hashed && typeof identityHash === "string";

/**
 * The objects of a value that may be one or a list of them.
 * @param {unknown} value
 * @returns {Json[]}
 */
const objects = (value) => [value].flat(1).filter(isObject);

/** @typedef {{label: string, at: string[], as?: "date" | "address"}} FactKind */

/** @type {FactKind[]} */
const FACTS = [
  { label: "Awarded", at: ["awardedDate"], as: "date" },
  { label: "Valid from", at: ["validFrom"], as: "date" },
  { label: "Valid until", at: ["validUntil"], as: "date" },
  { label: "Activity began", at: ["credentialSubject", "activityStartDate"], as: "date" },
  { label: "Activity ended", at: ["credentialSubject", "activityEndDate"], as: "date" },
  { label: "Role", at: ["credentialSubject", "role"] },
  { label: "Credits earned", at: ["credentialSubject", "creditsEarned"] },
  { label: "Licence", at: ["credentialSubject", "licenseNumber"] },
  { label: "Type", at: ["credentialSubject", "achievement", "achievementType"] },
  { label: "About", at: ["credentialSubject", "achievement", "description"] },
];

/** @type {FactKind[]} */
const ADDRESSES = [
  { label: "Credential", at: ["id"], as: "address" },
  { label: "Issuer", at: ["issuer", "id"] },
  { label: "Issuer's site", at: ["issuer", "url"], as: "address" },
];

/** @typedef {{label: string, value: any, as?: string}} Fact */

/**
 * The facts of a credential as the rows of a list: what it says, then the addresses that belong to it.
 * @param {Json} document
 */
export function factsOf(document) {
  const { credentialSubject: subject } = document;
  const evidence = objects(document.evidence).map(({ id }) => ({ label: "Evidence", as: "address", value: id }));
  const facts = [
    ...readFacts(document, FACTS),
    ...resultsOf(subject),
    ...skillsOf(subject),
    ...evidence,
    ...readFacts(document, ADDRESSES),
  ];
  return rowsOf(facts.filter(({ label, value }) => isSayable(value) && !(label === "Valid from" && value === document.awardedDate)));
}

/**
 * @param {Json} document
 * @param {FactKind[]} kinds
 * @returns {Fact[]}
 */
const readFacts = (document, kinds) =>
  kinds.map(({ label, at, as }) => ({ label, as, value: at.reduce((inner, key) => inner?.[key], document) }));

/**
 * One row for each label, in the order of the first.
 * @param {Fact[]} facts
 */
function rowsOf(facts) {
  /** @type {Map<string, HTMLElement>} */
  const rows = new Map();
  for (const { label, as, value } of facts) {
    const row = rows.get(label) ?? make("div", {}, make("dt", {}, make("bdi", {}, label)));
    row.append(make("dd", {}, shown(value, as)));
    rows.set(label, row);
  }
  return [...rows.values()];
}

/**
 * Each result under the name that the achievement gives it.
 * @param {Json} subject
 */
function resultsOf(subject) {
  const descriptions = objects(subject.achievement?.resultDescription);
  return objects(subject.result).map(({ resultDescription, value, status }) => {
    const name = descriptions.find(({ id }) => id === resultDescription)?.name;
    // Never the name alone: a stranger could call a result "Issuer".
    return { label: typeof name === "string" ? `Result: ${legible(name)}` : "Result", as: undefined, value: value ?? status };
  });
}

/** @param {Json} subject */
function skillsOf(subject) {
  const names = objects(subject.achievement?.alignment).map(({ targetName }) => targetName);
  return names.map((value) => ({ label: "Skill", as: undefined, value }));
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
