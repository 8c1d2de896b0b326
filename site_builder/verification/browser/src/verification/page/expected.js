/**
 * What the body of a credential page must print, by name: what was signed, what follows from it, and the form of what nobody signs.
 * page/expected.py is the same program, and says what is of a form only.
 */

import { isDemoKey } from "../../credentials/demo.js";
import { parseBase58btc } from "../../encoding.js";
import { formatDate } from "../../wording.js";
import { credentialFile, versionNumber } from "../versions.js";
import { escapeValue } from "./canonical.js";
import { Markdown, Maybe, Rows } from "./pattern.js";
import { PageError, linkedinLink, quoted, statement, textAt, tombstone } from "./statement.js";

/** @typedef {import("./statement.js").Values} Values */
/** @typedef {Record<string, string>} Sentences */

/**
 * How this release prints pages. claims: rows of claims.json with their labels. wording: groups of sentences. pages: a pattern for each
 * kind. loads: the style sheets and scripts that they name.
 * @typedef {{digest: string, claims: import("./statement.js").Claim[], wording: Record<string, Sentences>,
 *   pages: Record<string, any[]>, loads: string[]}} Release
 */

/**
 * Where a page lies and who signed what it states.
 * @typedef {{document: Record<string, any>, multibase: string, office: string, base: string, path: string, file: string,
 *   number: number}} PageFacts
 */

const DATE =
  "(?:[1-3]?[0-9] (?:January|February|March|April|May|June|July|August|September|October|November|December) [0-9]{4})";
const SLUG = "[a-z0-9-]{1,64}";
// With the element around it, which no text on a page can imitate.
const ORGANIZATION = /<ul class="actions"> <li><a href="[^"]*&amp;organizationId=([0-9]{1,20})&amp;/;
const OFFICE = "[A-Za-z0-9_.~%-]{1,255}@[A-Za-z0-9_.~%-]{1,255}";

/**
 * Where the page of a document lies. Throws PageError for an id of another form.
 * @param {Record<string, any>} document
 * @param {string} multibase the key that signed, "" if unknown
 * @param {string} office the mailto address that the issuer's DID document names, "" for none
 * @returns {PageFacts}
 */
export function factsOf(document, multibase, office) {
  const found = /^(https:\/\/[!-~]{1,2000}\/)(c\/[a-z0-9]{1,64}\/)(credential(?:-[0-9]+)?\.json)$/.exec(textOf(document.id));
  const number = found ? versionNumber(found[3]) : 0;
  if (!found || !number) throw new PageError("/id");
  const [, base, path, file] = found;
  return { document, multibase, office, base, path, file, number };
}

/**
 * The values that the page of a credential must have, and its title. text: the page, for what only it can say. Throws PageError.
 * @param {PageFacts} facts
 * @param {Release} release
 * @param {{text: string, isWithdrawn: boolean}} page
 * @returns {Promise<Values>}
 */
export async function expectedValues(facts, release, { text, isWithdrawn }) {
  const page = isWithdrawn ? withdrawn(facts, release) : await inForce(facts, release, text);
  page.fingerprint = facts.multibase ? await fingerprintOf(facts.multibase) : /[0-9a-f]{4}(?: [0-9a-f]{4}){15}/;
  const head = release.wording.head;
  const title = head[isWithdrawn ? "withdrawn_title" : "title"];
  const sections = [["achievements", "badges/"], ["verify", "verify/"]];
  if (text.includes('<a href="../../manual/">')) sections.push(["manual", "manual/"]);
  const frame = {
    root: "../../",
    title: filled(title, { name: page.name, achievement: page.achievement_name }),
    canonical: facts.base + facts.path,
    site_name: facts.base.slice(8, -1),
    links: sections.map(([name, path]) => ({ path, title: head[name], current: "" })),
  };
  return { frame, page };
}

/**
 * @param {PageFacts} facts
 * @param {Release} release
 * @returns {Values}
 */
const withdrawn = (facts, { wording: { reason } }) => ({
  ...tombstone(facts.document),
  ...beside(facts),
  date: new RegExp(DATE),
  reason: new RegExp(Object.values(reason).map(escaped).join("|")),
});

/**
 * @param {PageFacts} facts
 * @param {Release} release
 * @param {string} text
 * @returns {Promise<Values>}
 */
async function inForce(facts, { claims, wording }, text) {
  const shown = await statement(facts.document, { claims, base: facts.base });
  return {
    ...shown,
    criteria: shown.criteria && new Markdown(shown.criteria),
    narrative: shown.narrative && new Markdown(shown.narrative),
    ...beside(facts),
    ...pastOf(wording.past, facts),
    name_size: /short|usual|longest|longer|long/,
    linkedin: linkedin(facts, text),
    downloads: downloads(facts, wording.download, text),
  };
}

/**
 * LinkedIn's form for this credential, with the issuer's name, or the number that the page has in its place.
 * @param {PageFacts} facts
 * @param {string} text
 */
const linkedin = ({ document }, text) => linkedinLink(document, ORGANIZATION.exec(text)?.[1]);

/**
 * The current credential in its forms; a site has an image of those kinds that the achievement's artwork gives.
 * @param {PageFacts} facts
 * @param {Sentences} labels
 * @param {string} text
 */
function downloads(facts, labels, text) {
  const badge = badgeOf(facts);
  const images = ["badge.png", "badge.svg"].filter((file) => text.includes(`<a download="${badge}${file.slice(5)}" href="${file}">`));
  return [...images, facts.file].map((file) => {
    const suffix = file.slice(file.lastIndexOf(".") + 1);
    return { file, name: `${badge}.${suffix}`, label: labels[suffix] };
  });
}

/**
 * The folder of the achievement.
 * @param {PageFacts} facts
 */
function badgeOf({ document, base }) {
  const found = new RegExp(`^${escaped(base)}badges/(${SLUG})/achievement\\.json$`).exec(
    textAt(document, "/credentialSubject/achievement/id"),
  );
  if (!found) throw new PageError("/credentialSubject/achievement/id");
  return found[1];
}

/**
 * What both pages print beside the statement.
 * @param {PageFacts} facts
 * @returns {Values}
 */
function beside(facts) {
  const { document, multibase, office, base, path } = facts;
  const mail = mailText(path, base);
  const method = textOf([document.proof].flat()[0]?.verificationMethod);
  return {
    key: method.slice(method.lastIndexOf("#") + 1),
    is_demo: multibase ? isDemoKey(multibase) : new Maybe(true),
    issuer_path: issuerPath(facts),
    achievement_path: new RegExp(`badges/${badgeOf(facts)}/#[a-z0-9-]*`),
    complaint: office ? office + mail : new RegExp(`mailto:${OFFICE}${escaped(escapeValue(mail))}`),
  };
}

/**
 * SHA-256 of the 32 public bytes, which follow two that say of what kind they are, hex in groups of four: what people compare by eye.
 * @param {string} multibase
 */
async function fingerprintOf(multibase) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (parseBase58btc(multibase.slice(1)).slice(2))));
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/.{4}(?=.)/g, "$& ");
}

/**
 * The issuer's folder: that of its revocation list.
 * @param {PageFacts} facts
 */
function issuerPath({ document, base }) {
  const address = textOf(document.credentialStatus?.statusListCredential);
  const found = new RegExp(`^${escaped(base)}(issuers/${SLUG}/)status/[0-9]+\\.json$`).exec(address);
  return found ? found[1] : new RegExp(`issuers/${SLUG}/`);
}

/**
 * What became of an award, in the sentences of the release.
 * @param {Sentences} past
 * @param {PageFacts} facts
 * @returns {Values}
 */
function pastOf(past, facts) {
  const { number } = facts;
  const date = DATE;
  const befores = Object.keys(past).filter((name) => name.startsWith("before_"));
  const before = `(?:${befores.map((name) => formOf(past[name], { date })).join("|")})`;
  const last = formOf(past.corrected_last, { date, number: String(number), before });
  const path = new Maybe(new RegExp("c/[a-z0-9]{1,64}/"));
  const text = new RegExp(formOf(past.award, { date }));
  return {
    history: new Rows(number - 1, { text: new RegExp(`${last}|${formOf(past.corrected, { date })}`) }),
    renews: { path, text },
    renewal: { path, text, rest: new RegExp(`${formOf(past.until, { date })}|${escaped(past.no_end)}`) },
    has_versions: number > 1,
    versions: Array.from({ length: number }, (_, index) => versionOf(past, index + 1, facts)),
  };
}

/**
 * A version of the list. When the last was signed, its proof says.
 * @param {Sentences} past
 * @param {number} number
 * @param {PageFacts} facts
 */
function versionOf(past, number, facts) {
  const [file, isLast] = [credentialFile(number), number === facts.number];
  const [proof] = [facts.document.proof].flat();
  const created = isLast && typeof proof?.created === "string" ? proof.created : "";
  const day = /^[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}T/.test(created) ? escaped(formatDate(created)) : DATE;
  const signed = `${formOf(past.signed_again, { date: DATE, again: day })}|${formOf(past.signed, { date: day })}`;
  return {
    separator: number > 1 ? "; " : "",
    number: String(number),
    file: isLast ? file : new Maybe(file),
    signed: new RegExp(isLast ? signed : `${signed}|${escaped(past.version_withdrawn)}`),
  };
}

/**
 * The end of the mail to the issuer's office: subject and text, which name the credential and nobody. Source: RFC 6068.
 * @param {string} path
 * @param {string} base
 */
function mailText(path, base) {
  const id = path.split("/")[1];
  const body = [`Credential: ${id}`, `Page: ${base}${path}`, "", "What is wrong:", ""].join("\r\n");
  return `?subject=${quoted(`A question about credential ${id}`)}&body=${quoted(body)}`;
}

/**
 * A text, "" for every other value of a stranger's JSON.
 * @param {unknown} value
 */
const textOf = (value) => (typeof value === "string" ? value : "");

/**
 * A sentence with a value for each name in braces, which is never read again.
 * @param {string} sentence
 * @param {Sentences} values
 */
const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/**
 * A regular expression for a sentence with values of such a form.
 * @param {string} sentence
 * @param {Sentences} values
 */
const formOf = (sentence, values) => escaped(sentence).replace(/\\\{(\w+)\\\}/g, (_, name) => values[name]);

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
