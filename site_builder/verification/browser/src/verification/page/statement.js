/**
 * What a credential page prints of the signed JSON, by the names that the page's template uses. page/statement.py is the same program.
 *
 * Nothing here trusts the JSON: what cannot be printed throws PageError.
 */

import { rosetteDigest, rosetteWords } from "../../credentials/rosette/drawing.js";
import { formatJcs } from "../../credentials/securing/jcs.js";
import { isObject } from "../../encoding.js";
import { formatDate } from "../../wording.js";
import { escapeValue } from "./canonical.js";

/** @typedef {any} Json */
/** @typedef {Record<string, any>} Values */
/** @typedef {{group: string, pointer: string, as: string, label: string}} Claim a row of claims.json with its label */

const SUBJECT = "/credentialSubject";
const ACHIEVEMENT = `${SUBJECT}/achievement`;

/** Signed JSON that no credential page can state. */
export class PageError extends Error {}

/**
 * A JSON value as a page prints it: text as it is, numbers in their canonical form.
 * @param {unknown} value
 */
export const visibleText = (value) => (typeof value === "string" ? value : formatJcs(value));

/**
 * What the page of a withdrawn credential prints of the JSON: no person.
 * @param {Json} document
 * @returns {Values}
 */
export const tombstone = (document) => ({
  file: document.id.slice(document.id.lastIndexOf("/") + 1),
  language: textAt(document, `${ACHIEVEMENT}/inLanguage`),
  issuer_name: textAt(document, "/issuer/name"),
  achievement_name: textAt(document, `${ACHIEVEMENT}/name`),
});

/**
 * What the page of a credential in force prints of the JSON. Markdown is given as its source, under criteria and narrative. Throws
 * PageError.
 * @param {Json} document
 * @param {{claims: Claim[], base: string}} release base: of the site
 * @returns {Promise<Values>}
 */
export async function statement(document, { claims, base }) {
  const facts = (/** @type {string} */ group) =>
    claims.filter((row) => row.group === group).flatMap((row) => factOf(document, row));
  const tags = textsAt(document, `${ACHIEVEMENT}/tag`).map(tagOf);
  const [narrative, activity] = [textAt(document, `${SUBJECT}/narrative`), facts("activity")];
  return {
    ...tombstone(document),
    name: textAt(document, `${SUBJECT}/identifier/0/identityHash`),
    facts: facts("facts"),
    activity,
    is_told: narrative !== "" || activity.length > 0,
    small_print: facts("small_print"),
    description: textAt(document, `${ACHIEVEMENT}/description`),
    criteria: textAt(document, `${ACHIEVEMENT}/criteria/narrative`),
    narrative,
    levels: tags.filter(({ label }) => label === "level"),
    tags: tags.filter(({ label }) => label !== "level"),
    skills: listAt(document, `${ACHIEVEMENT}/alignment`).map((_, index) => skillOf(document, index)),
    results: resultsOf(document),
    evidence: listAt(document, "/evidence").map((_, index) => evidenceOf(document, index)),
    image: withoutStart(textAt(document, `${ACHIEVEMENT}/image/id`), base),
    image_alt: textAt(document, `${ACHIEVEMENT}/image/caption`),
    embed: embedOf(document),
    words: rosetteWords(await rosetteDigest(document)).join(" "),
  };
}

/**
 * LinkedIn's "Add to profile" address. organization: LinkedIn's number of the issuer, where it has one.
 * @param {Json} document
 * @param {string} [organization]
 */
export function linkedinLink(document, organization) {
  const [start, end] = [dateAt(document, "/awardedDate"), textAt(document, "/validUntil")];
  const page = pageUrl(document);
  /** @type {[string, string][]} */
  const values = [
    ["startTask", "CERTIFICATION_NAME"],
    ["name", textAt(document, `${ACHIEVEMENT}/name`)],
    organization ? ["organizationId", organization] : ["organizationName", textAt(document, "/issuer/name")],
    ["issueYear", start.slice(0, 4)],
    ["issueMonth", String(Number(start.slice(5, 7)))],
  ];
  if (end) {
    values.push(["expirationYear", end.slice(0, 4)]);
    values.push(["expirationMonth", String(Number(dateAt(document, "/validUntil").slice(5, 7)))]);
  }
  values.push(["certUrl", page], ["certId", page.split("/").slice(-2)[0]]);
  const query = values.map(([name, value]) => `${name}=${quoted(value).replace(/%20/g, "+")}`);
  return `https://www.linkedin.com/profile/add?${query.join("&")}`;
}

/**
 * Text for an address: all but letters, digits and -._~ by their bytes. Source: RFC 3986, 2.3.
 * @param {string} text
 */
export const quoted = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

/** @param {Json} document */
function embedOf(document) {
  const page = pageUrl(document);
  const name = textAt(document, `${SUBJECT}/identifier/0/identityHash`);
  const words = `${textAt(document, `${ACHIEVEMENT}/name`)}, awarded to ${name} by ${textAt(document, "/issuer/name")}`;
  return `<a href="${page}"><img src="${page}badge.png" alt="${escapeValue(words)}" width="160" height="160"></a>`;
}

/** @param {Json} document */
const pageUrl = ({ id }) => id.slice(0, id.lastIndexOf("/") + 1);

/**
 * A labelled value, if the JSON has it.
 * @param {Json} document
 * @param {Claim} row
 * @returns {Values[]}
 */
function factOf(document, { pointer, as, label }) {
  const text = textAt(document, pointer);
  if (!text) return [];
  const printed = as === "date" ? formatDate(dateAt(document, pointer)) : text;
  return [{ label, pointer, written_as: as, text: printed, url: as === "url" ? safe(text) : "" }];
}

/**
 * A tag. label: category or level, which stands before a colon in its text, or "".
 * @param {string} text
 * @param {number} index
 */
function tagOf(text, index) {
  const prefix = ["category:", "level:"].find((start) => text.startsWith(start)) ?? "";
  return { pointer: `${ACHIEVEMENT}/tag/${index}`, label: prefix.slice(0, -1), text: text.slice(prefix.length) };
}

/**
 * @param {Json} document
 * @param {number} index
 */
function skillOf(document, index) {
  const pointer = `${ACHIEVEMENT}/alignment/${index}`;
  const at = (/** @type {string} */ member) => textAt(document, `${pointer}/target${member}`);
  return { pointer, name: at("Name"), framework: at("Framework"), code: at("Code"), description: at("Description"), url: safe(at("Url")) };
}

/**
 * @param {Json} document
 * @param {number} index
 */
function evidenceOf(document, index) {
  const pointer = `/evidence/${index}`;
  const at = (/** @type {string} */ member) => textAt(document, `${pointer}/${member}`);
  return { pointer, name: at("name"), description: at("description"), url: safe(at("id")) };
}

/**
 * Each result that the achievement describes, with what was reached. Every result that was reached belongs to one of them.
 * @param {Json} document
 */
function resultsOf(document) {
  const descriptions = listAt(document, `${ACHIEVEMENT}/resultDescription`).map((_, index) => `${ACHIEVEMENT}/resultDescription/${index}`);
  const results = listAt(document, `${SUBJECT}/result`).map((_, index) => `${SUBJECT}/result/${index}`);
  const reached = new Map(
    results.map((pointer) => {
      const member = textAt(document, `${pointer}/status`) ? "status" : "value";
      return [textAt(document, `${pointer}/resultDescription`), statedAt(document, `${pointer}/${member}`)];
    }),
  );
  const names = new Set(descriptions.map((pointer) => textAt(document, `${pointer}/id`)));
  const isEachNamed = [...reached.keys()].every((name) => names.has(name));
  if (names.size < descriptions.length || reached.size < results.length || !isEachNamed) throw new PageError("result");
  return descriptions.map((pointer) => ({
    name: statedAt(document, `${pointer}/name`) ?? unprintable(pointer),
    value: reached.get(textAt(document, `${pointer}/id`)) ?? null,
    minimum: statedAt(document, `${pointer}/valueMin`),
    maximum: statedAt(document, `${pointer}/valueMax`),
    required: statedAt(document, `${pointer}/requiredValue`),
    allowed: textsAt(document, `${pointer}/allowedValue`).map((text, index) => {
      return { comma: index ? ", " : "", pointer: `${pointer}/allowedValue/${index}`, text };
    }),
  }));
}

/**
 * @param {string} pointer
 * @returns {never}
 */
function unprintable(pointer) {
  throw new PageError(pointer);
}

/**
 * @param {Json} document
 * @param {string} pointer
 */
function statedAt(document, pointer) {
  const text = textAt(document, pointer);
  return text ? { pointer, text } : null;
}

// --- reading the JSON ---

/**
 * The value at a JSON Pointer, null where there is none.
 * @param {Json} document
 * @param {string} pointer
 */
function valueAt(document, pointer) {
  let value = document;
  for (const step of pointer.split("/").slice(1)) {
    if (Array.isArray(value)) value = /^[0-9]+$/.test(step) ? (value[Number(step)] ?? null) : null;
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : null;
  }
  return value;
}

/**
 * The value at a pointer as a page prints it; "" where there is none. Throws PageError for what no page prints.
 * @param {Json} document
 * @param {string} pointer
 * @returns {string}
 */
export function textAt(document, pointer) {
  const value = valueAt(document, pointer);
  if (value === null) return "";
  if (typeof value === "object") throw new PageError(pointer);
  return visibleText(value);
}

/**
 * @param {Json} document
 * @param {string} pointer
 * @returns {unknown[]}
 */
function listAt(document, pointer) {
  const value = valueAt(document, pointer) ?? [];
  if (!Array.isArray(value)) throw new PageError(pointer);
  return value;
}

/**
 * @param {Json} document
 * @param {string} pointer
 */
const textsAt = (document, pointer) => listAt(document, pointer).map((_, index) => textAt(document, `${pointer}/${index}`));

/**
 * @param {Json} document
 * @param {string} pointer
 */
function dateAt(document, pointer) {
  const text = textAt(document, pointer);
  if (!/^[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}/.test(text)) throw new PageError(pointer);
  return text;
}

/**
 * An address that a page may lead to.
 * @param {string} url
 */
function safe(url) {
  if (!/^https:\/\/[!-~]+$/.test(url)) throw new PageError("address");
  return url;
}

/**
 * @param {string} text
 * @param {string} start
 */
const withoutStart = (text, start) => (text.startsWith(start) ? text.slice(start.length) : text);
