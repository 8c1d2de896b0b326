/** Showing a report: one sentence, and the list of checks below it. */

import { make } from "./dom.js";
import { checkName, groupOf, hasHow, resultWord, sentence } from "../verification/report.js";
import { formatDate } from "../wording.js";

/** @typedef {import("../verification/report.js").Check} Check */
/** @typedef {import("../verification/report.js").Report} Report */

/**
 * Shows a headline, with the domain that it speaks of set off.
 * @param {string} verdict
 * @param {string} headline
 * @param {string} [domain]
 */
export function showVerdict(verdict, headline, domain = "") {
  const parts = domain ? headline.split(domain) : [headline];
  const nodes = parts.flatMap((part, index) => (index ? [make("strong", {}, domain), part] : [part]));
  document.getElementById("verdict-headline")?.replaceChildren(...nodes);
  document.getElementById("verdict")?.setAttribute("data-verdict", verdict);
}

/** Gives the verdict a place before all else, on a page whose own place for it may be hidden, be gone, or be there twice. */
export function renewVerdict() {
  for (const old of document.querySelectorAll("#verdict,#verdict-headline,#verdict-details,#verdict-checks")) old.remove();
  const headline = make("p", { id: "verdict-headline", "aria-live": "polite" });
  const list = make("details", { id: "verdict-details" }, make("summary", {}, "What was checked"), make("ul", { id: "verdict-checks" }));
  document.body.prepend(make("section", { id: "verdict" }, headline, list));
}

/**
 * Says what the issuer calls itself, so that a reader compares the domain and not the name; "" takes that away.
 * @param {unknown} name
 */
export function showName(name) {
  document.querySelector("#verdict .note")?.remove();
  if (typeof name !== "string" || !name) return;
  const note = make("p", { class: "note" }, sentence("note", "name", { name }));
  document.getElementById("verdict-headline")?.after(note);
}

/**
 * Shows the list of checks. located: from where an address was really fetched.
 * @param {Check[]} checks
 * @param {(url: string) => string} located
 */
export function showChecks(checks, located) {
  // What was found of each proof stands inside the signature, which it makes up.
  const proofs = checks.filter(({ name }) => groupOf(name) === "proof").map((check) => itemOf(check, located));
  const items = checks
    .filter(({ name }) => groupOf(name) !== "proof")
    .map((check) => itemOf(check, located, check.name === "signature" ? proofs : []));
  document.getElementById("verdict-checks")?.replaceChildren(...items);
  document.getElementById("verdict-details")?.removeAttribute("hidden");
}

/**
 * One check, as an item of the list: what was found, how, from where, when.
 * @param {Check} check
 * @param {(url: string) => string} located
 * @param {Node[]} parts
 */
function itemOf(check, located, parts = []) {
  // For a copy this is not where the credential says.
  const source = check.source ? `${located(check.source)}, ` : "";
  const time = `${check.at.slice(11, 19)} UTC, ${formatDate(check.at)}`;
  const how = hasHow(check.name) ? [make("small", {}, sentence("how", check.name))] : [];
  return make(
    "li",
    { "data-check": check.name, "data-result": check.result },
    make("b", {}, `${checkName(check.name)}: ${resultWord(check.result)}`),
    ` ${check.sentence} `,
    ...how,
    ...(groupOf(check.name) === "proof" ? [] : [make("small", {}, source + time)]),
    ...(parts.length ? [make("ul", {}, ...parts)] : []),
  );
}
