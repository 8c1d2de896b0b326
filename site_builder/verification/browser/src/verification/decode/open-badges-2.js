/**
 * Open Badges 1 and 2, which are named and not checked: their host vouches for them, by publishing them. Source: Open Badges 2.0.
 *
 * The same program as site_builder/verification/decode/open_badges_2.py.
 */

import { isObject } from "../../encoding.js";
import { domainOf } from "../domain.js";
import { unsupported } from "../finding.js";
import { sentence } from "../report.js";

const CONTEXT = "https://w3id.org/openbadges/v";
const FORM = "open-badges-";
const MAX_ADDRESS = 200;

/** @typedef {Record<string, any>} Json */

/** @param {Json} document */
const contextsOf = (document) => [document["@context"]].flat(1).filter((name) => typeof name === "string");

/**
 * Whether a JSON document is an Assertion of Open Badges 1 or 2. Source: Open Badges 2.0, Assertion; 1.1, BadgeAssertion.
 * @param {Json} document
 */
export function isOpenBadges(document) {
  const isNamed = contextsOf(document).some((name) => name.startsWith(CONTEXT));
  const isAssertion = document.type === "Assertion" || isFirst(document);
  return isAssertion || (isNamed && !["BadgeClass", "Issuer", "Profile"].includes(document.type));
}

/**
 * Whether it is as version 1 has it.
 * @param {Json} document
 */
const isFirst = (document) => ["verify", "badge", "recipient"].every((name) => name in document);

/**
 * What is said of an assertion: where its host publishes it, if it says so.
 * @param {Json} document
 * @param {boolean} isToken
 */
export function toldOpenBadges(document, isToken) {
  const isOld = isFirst(document) || contextsOf(document).some((name) => name.startsWith(`${CONTEXT}1`));
  const [version, form] = isOld ? ["1", `${FORM}1.0`] : ["2.0", `${FORM}2.0`];
  if (isToken) return unsupported(form, "hosted_signed", { version });
  const address = addressOf(document);
  if (!address) return unsupported(form, "hosted_nameless", { version });
  return unsupported(form, "hosted", { version, domain: domainOf(address), address });
}

/**
 * Where its host has it: its own id, or what it names for its verification; "" for no https address of a fair length.
 * @param {Json} document
 */
function addressOf(document) {
  const inner = [document.verification, document.verify].map((member) => (isObject(member) ? member.url : undefined));
  const isFair = (/** @type {unknown} */ url) => typeof url === "string" && domainOf(url) !== "" && Array.from(url).length <= MAX_ADDRESS;
  return [document.id, ...inner].find(isFair) ?? "";
}

/**
 * What an image says that carries only an address: the assertion is there. Source: Open Badges 2.0, Baking.
 * @param {string} address
 */
export const assertionAt = (address) => ({ "@context": `${CONTEXT}2`, type: "Assertion", id: address });

/**
 * The report on what was found at an address. An assertion that was read from its own host sends nobody there once more.
 * @template {import("../report.js").Report} R
 * @param {R} report
 * @param {string} address
 * @returns {R}
 */
export function atItsOwnAddress(report, address) {
  const domain = domainOf(address);
  if (!report.form?.startsWith(FORM) || domainOf(report.credential) !== domain) return report;
  const text = sentence("form", "hosted_here", { domain, version: report.form.endsWith("1.0") ? "1" : "2.0" });
  const checks = report.checks.map((check) => ({ ...check, reason: "hosted_here", sentence: text }));
  return { ...report, headline: text, checks };
}
