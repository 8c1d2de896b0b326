/**
 * The credential page's own check: reads what the page states, fetches what was signed, and fills the verdict area.
 *
 * Whatever goes wrong here ends in "unknown", never in a good word.
 */

import { EncodingError, isObject, parseJson } from "./encoding.js";
import { didDocumentUrl, isDidWeb } from "./didweb.js";
import { fetchBytes } from "./fetch.js";
import { formatDate, readPage } from "./page.js";
import { checkName, resultWord, sentence } from "./report.js";
import { FetchError, issuerOf } from "./signed.js";
import { verifyAndWiden } from "./suites.js";
import { remembering, spokenDomain } from "./verify.js";

// Every credential lies at <root>c/<id>/<file> (credentials/urls.py).
const ADDRESS = /^(.*\/)(c\/[^/]+\/[^/]+)$/;

/**
 * Where the page's files lie, and where the credential says that they lie (base, "" when it fits no page at all).
 * didUrl: address of the issuer's key document; didCopy: where this site keeps one.
 * @typedef {{root: string, base: string, isCopy: boolean, didUrl: string, didCopy: string}} Place
 */

/**
 * The absolute address of the page's first link of a kind; "" when there is none.
 * @param {string} selector
 */
function linked(selector) {
  const href = document.querySelector(selector)?.getAttribute("href");
  return href ? new URL(href, location.href).href : "";
}

/**
 * Root and path of a credential: what precedes c/<id>/<file>, and that itself.
 * @param {string} url
 * @returns {[string, string]}
 */
function splitAddress(url) {
  const { origin, pathname } = new URL(url);
  const found = ADDRESS.exec(pathname);
  if (!found) throw new FetchError("the page does not say where its credential lies");
  return [origin + found[1], found[2]];
}

/**
 * @param {Uint8Array} raw
 * @param {string} root
 * @param {string} address
 * @returns {Place}
 */
function placeOf(raw, root, address) {
  const [identifier, issuer] = namesIn(raw);
  const base = identifier.endsWith(`/${address}`) ? identifier.slice(0, -address.length) : "";
  return {
    root,
    base,
    isCopy: base !== root,
    didUrl: isDidWeb(issuer) ? didDocumentUrl(issuer) : "",
    didCopy: linked('link[rel="did"]'),
  };
}

/**
 * The id of a credential and of its issuer, "" where there is none: only to know where to look, not yet believed.
 * @param {Uint8Array} raw
 * @returns {[string, string]}
 */
function namesIn(raw) {
  try {
    const credential = parseJson(raw);
    if (!isObject(credential)) return ["", ""];
    return [typeof credential.id === "string" ? credential.id : "", issuerOf(credential)];
  } catch (error) {
    if (error instanceof EncodingError) return ["", ""];
    throw error;
  }
}

/**
 * From where to fetch what the credential names: a copy is checked against the files of the copy.
 * @param {Place} place
 * @param {string} url
 */
function located({ root, base, isCopy, didUrl, didCopy }, url) {
  if (!isCopy) return url;
  if (base && url.startsWith(base)) return root + url.slice(base.length);
  return url === didUrl && didCopy ? didCopy : url;
}

/**
 * An element with this text.
 * @param {string} tag
 * @param {string} text
 */
function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

/**
 * Shows a headline, with the domain that it speaks of set off.
 * @param {string} verdict
 * @param {string} headline
 * @param {string} [domain]
 */
function showVerdict(verdict, headline, domain = "") {
  const parts = domain ? headline.split(domain) : [headline];
  const nodes = parts.flatMap((part, index) => (index ? [element("strong", domain), part] : [part]));
  document.getElementById("verdict-headline")?.replaceChildren(...nodes);
  document.getElementById("verdict")?.setAttribute("data-verdict", verdict);
}

/**
 * One check, as an item of the list.
 * @param {import("./report.js").Check} check
 * @param {Place} place
 */
function itemOf(check, place) {
  const item = document.createElement("li");
  item.setAttribute("data-check", check.name);
  item.setAttribute("data-result", check.result);
  // From where it really was fetched, which for a copy is not where the credential says.
  const source = check.source ? `${located(place, check.source)}, ` : "";
  const time = `${check.at.slice(11, 19)} UTC, ${formatDate(check.at)}`;
  item.append(
    element("b", `${checkName(check.name)}: ${resultWord(check.result)}`),
    ` ${check.sentence} `,
    element("small", source + time),
  );
  return item;
}

/** Checks the page's credential and shows what was found. */
async function check() {
  if (location.protocol === "file:") return showVerdict("none", sentence("headline", "file"));
  const url = linked('link[rel="alternate"][type="application/vc"]');
  const [root, address] = splitAddress(url);
  // A page speaks of the credential beside it. One that links to another's lies at another address than that.
  const isBeside = new URL(".", url).href === new URL(".", location.href).href;
  // Before anything is shown: the verdict is not one of the page's statements.
  const page = readPage(document, isBeside ? address : location.pathname);
  showVerdict("none", sentence("headline", "checking"));
  const raw = await fetchBytes(url);
  const place = placeOf(raw, root, address);
  const options = {
    fetch: remembering((wanted) => fetchBytes(located(place, wanted))),
    page,
    where: "in this browser",
    isCopy: place.isCopy,
  };
  await verifyAndWiden(raw, options, {
    details: document.getElementById("verdict-details"),
    show: (report) => showReport(report, place),
    onError: showBroken,
  });
}

/**
 * Shows the headline and the list of checks.
 * @param {import("./report.js").Report} report
 * @param {Place} place
 */
function showReport(report, place) {
  document.getElementById("verdict-checks")?.replaceChildren(...report.checks.map((found) => itemOf(found, place)));
  document.getElementById("verdict-details")?.removeAttribute("hidden");
  showVerdict(report.verdict, report.headline, spokenDomain(report, place.isCopy));
}

const showBroken = () => showVerdict("unknown", sentence("headline", "broken"));

async function start() {
  if (!document.querySelector("main[data-statement]")) return;
  try {
    await check();
  } catch {
    showBroken();
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
