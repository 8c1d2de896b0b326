/**
 * The credential page's own check: reads what the page states, fetches what was signed, and fills the verdict area.
 *
 * Whatever goes wrong here ends in "unknown", never in a good word.
 */

import { credentialIdOf } from "../credentials/openbadges3/read.js";
import { parseJson } from "../encoding.js";
import { offerEmailMatch } from "../ui/email-match.js";
import { decode } from "../verification/decode/table.js";
import { spokenDomain } from "../verification/domain.js";
import { fetchBytes } from "../verification/evidence/fetch.js";
import { FetchError, cached } from "../verification/evidence/source.js";
import { TWO_RELEASES, UNKNOWN_RELEASE } from "../verification/content/page.js";
import { withoutMasks, withoutShadows } from "../verification/page/bare.js";
import { isTombstone, readPage } from "../verification/page/reader.js";
import { sentence } from "../verification/report.js";
import { offerSharing } from "../ui/sharing.js";
import { renewVerdict, showChecks, showName, showVerdict } from "../ui/verdict-view.js";
import { verifyAndWiden } from "./suites.js";

// Every credential lies at <root>c/<id>/<file> (credentials/urls.py).
const ADDRESS = /^(.*\/)(c\/[^/]+\/[^/]+)$/;

/**
 * Where the page's files lie, and where the credential says that they lie (base, "" when it fits no page at all).
 * @typedef {{root: string, base: string, isCopy: boolean}} Place
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
  if (!found) throw new FetchError("no credential is linked");
  return [origin + found[1], found[2]];
}

/**
 * @param {Uint8Array} raw
 * @param {string} root
 * @param {string} address
 * @returns {Place}
 */
function placeOf(raw, root, address) {
  // Only to know where to look: nothing of it is believed yet.
  const identifier = credentialIdOf(decode(raw).document);
  const base = identifier.endsWith(`/${address}`) ? identifier.slice(0, -address.length) : "";
  return { root, base, isCopy: base !== root };
}

/**
 * From where to fetch what the credential names: a copy is checked against the files of the copy. What lies at none of the site's
 * addresses, such as the key of an issuer with a DID of its own, is asked for where every verifier asks.
 * @param {Place} place
 * @param {string} url
 */
function located({ root, base, isCopy }, url) {
  return isCopy && base && url.startsWith(base) ? root + url.slice(base.length) : url;
}

/** Verdicts that rest on a signature that holds: what the credential says of itself may be repeated. */
const SIGNED = ["holds", "demo", "copy", "expired", "not_yet_valid"];

/**
 * The page as it stood before anything was shown on it, and where its credential lies.
 * @returns {{url: string, root: string, address: string, page: import("../verification/page/reader.js").StatementPage}}
 */
function readStatement() {
  const url = linked('link[rel="alternate"][type="application/vc"]');
  const [root, address] = splitAddress(url);
  // A page speaks of the credential beside it. One that links to another's lies at another address than that.
  const isBeside = new URL(".", url).href === new URL(".", location.href).href;
  return { url, root, address, page: readPage(document, isBeside ? address : location.pathname) };
}

/**
 * What compares a page with a document, once it is there.
 * @param {import("../verification/page/reader.js").StatementPage} page
 */
function comparison(page) {
  const script = import("./page.js");
  script.catch(() => {});
  /** @type {import("../verification/content/statement.js").Compare} */
  return async (document, multibase, office) => {
    const difference = await (await script).compare(page, document, multibase, office);
    // A page and a script of two releases: from two times of a cache, or by somebody who wants to go unseen. Neither is compared.
    return difference === UNKNOWN_RELEASE ? TWO_RELEASES : difference;
  };
}

/**
 * Checks the page's credential and shows what was found; once more with all suites when the list of checks is opened.
 * @param {ReturnType<typeof readStatement>} read
 */
async function check({ url, root, address, page }) {
  // Begun before anything is waited for.
  const compare = comparison(page);
  const raw = await fetchBytes(url).catch(() => null);
  if (!raw) return showUnchecked("no_file", { domain: new URL(url).hostname });
  const place = placeOf(raw, root, address);
  const options = {
    fetch: cached((wanted) => fetchBytes(located(place, wanted))),
    page: { isTombstone: isTombstone(page), compare },
    where: "in this browser",
    isCopy: place.isCopy,
  };
  await verifyAndWiden(raw, options, {
    details: document.getElementById("verdict-details"),
    show: (report) => {
      const isSigned = SIGNED.includes(report.verdict) && !isTombstone(page);
      showReport(report, place, isSigned ? parseJson(raw) : null);
    },
    onError: () => showUnchecked("broken"),
  });
}

/**
 * Shows the headline, the list of checks, and what only a sound signature allows to say.
 * @param {import("../verification/report.js").Report} report
 * @param {Place} place
 * @param {any} credential null unless its signature holds
 */
function showReport(report, place, credential) {
  if (report.checks.some(({ name, result }) => name === "page" && result !== "passed")) renewVerdict();
  showChecks(report.checks, (wanted) => located(place, wanted));
  showVerdict(report.verdict, report.headline, spokenDomain(report, place.isCopy));
  showName(credential && !place.isCopy ? credential.issuer.name : "");
  const offer = () => offerEmailMatch(credential, location.hash);
  offer();
  window.onhashchange = offer;
}

/**
 * Says why nothing was checked. reason: of the group "headline".
 * @param {string} reason
 * @param {Record<string, string>} [values]
 */
function showUnchecked(reason, values) {
  const headline = document.getElementById("verdict-headline");
  if (!(headline?.checkVisibility?.() ?? headline)) renewVerdict();
  showVerdict("unknown", sentence("headline", reason, values));
}

async function start() {
  withoutMasks(document);
  if (location.protocol === "file:") return showVerdict("none", sentence("headline", "file"));
  try {
    const read = readStatement();
    withoutShadows(document);
    // From here on the page holds more than its statements.
    offerSharing();
    showVerdict("none", sentence("headline", "checking"));
    await check(read);
  } catch {
    showUnchecked("broken");
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
