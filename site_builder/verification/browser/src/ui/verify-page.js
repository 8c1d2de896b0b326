/**
 * The page that verifies what it is given: a file or a text in, and the same checks in the same words as everywhere.
 *
 * Everything that comes in is a stranger's. Whatever goes wrong ends in a sentence or in "unknown", never in a good word.
 * From where the evidence comes is the desk's concern: the web (verify-web.js), or an archive (verify-archive.js).
 */

import { make } from "./dom.js";
import { offerEmailMatch } from "./email-match.js";
import { FileError, MAX_FILE_BYTES, OtherFormError, unbaked } from "../verification/decode/file.js";
import { atItsOwnAddress } from "../verification/decode/open-badges-2.js";
import { decode } from "../verification/decode/table.js";
import { sentence } from "../verification/report.js";
import { rosetteDigest, rosetteElement, rosetteWords } from "../credentials/rosette/drawing.js";
import { domainOf } from "../verification/domain.js";
import { factsOf, whoSaysWhat } from "./signed-words.js";
import { showChecks, showName, showVerdict } from "./verdict-view.js";

/** @typedef {import("../verification/report.js").Report} Report */

/**
 * What was given. address: where it was read, fragment: what stood behind #; both left out of a file.
 * @typedef {{raw: Uint8Array, fragment?: string, address?: string}} Given
 */

/**
 * What differs between such pages.
 *
 * verify: shows one report or several on a document. read: the document behind a text that is none itself, such as an
 * address, with that; throws FileError. verdictOf: the word by which a verdict is marked. located: from where an address was answered.
 * @typedef {{
 *   verify: (raw: Uint8Array, page: {details: HTMLElement | null, show: (report: Report) => void, onError: () => void}) => Promise<void>,
 *   read: (text: string) => Promise<Given>,
 *   verdictOf: (report: Report) => string,
 *   located: (url: string) => string,
 * }} Desk
 */

/** @type {Desk} */
let desk;

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T}
 */
const byId = (id) => /** @type {T} */ (document.getElementById(id));

// Where the words of a credential stand, which only its issuer's signature allows to repeat.
const SAID = ["says", "facts", "seal"];

// Only the last thing that was given is shown, whatever answers first.
let turn = 0;

/**
 * Takes one thing in, verifies it, and shows what was found; what it is not is said beside the field it came by.
 * @param {"file" | "text"} field
 * @param {() => Promise<Given>} read
 */
async function verify(field, read) {
  const mine = (turn += 1);
  const isLast = () => mine === turn;
  clear();
  showVerdict("none", sentence("headline", "checking"));
  byId("result").hidden = false;
  byId("verdict").scrollIntoView({ block: "nearest" });
  try {
    const given = await read();
    if (isLast()) await check(given, isLast);
  } catch (error) {
    if (isLast()) refuse(field, error);
  }
}

/**
 * @param {Given} given
 * @param {() => boolean} isLast
 */
async function check(given, isLast) {
  await desk.verify(given.raw, {
    details: byId("verdict-details"),
    show: (report) => {
      if (isLast()) show(given, atItsOwnAddress(report, given.address ?? ""), isLast);
    },
    onError: () => isLast() && showVerdict("unknown", sentence("headline", "broken")),
  });
}

/**
 * @param {Given} given
 * @param {Report} report
 * @param {() => boolean} isLast
 */
function show({ raw, fragment = "" }, report, isLast) {
  // There is no page to be compared, and so no check of one. Of what is no credential at all, the headline says it all.
  const checks = report.checks.filter(({ name, sentence: text }) => name !== "page" && text !== report.headline);
  if (checks.length) showChecks(checks, desk.located);
  showVerdict(desk.verdictOf(report), report.headline, domainOf(report.issuer));
  for (const id of SAID) byId(id).replaceChildren();
  if (isSigned(report)) {
    const { document: credential } = decode(raw);
    showSigned(credential, report, fragment);
    void showSeal(credential, isLast);
  }
  showSuccessor(report.successor);
}

/**
 * Shows where the credential is found that has taken the place of this one.
 * @param {string | undefined} successor address of its page
 */
function showSuccessor(successor) {
  document.querySelector("#verdict .successor")?.remove();
  if (!successor) return;
  const link = make("a", { href: successor, rel: "noopener noreferrer" }, successor);
  byId("verdict-headline").after(make("p", { class: "successor" }, `${sentence("current", "link")} `, link));
}

/**
 * Whether the issuer that is named has signed every word, whatever befell the credential since.
 * @param {Report} report
 */
function isSigned({ verdict, checks }) {
  const wanted = ["signature", "key", "controller"];
  const passed = checks.filter(({ name, result }) => wanted.includes(name) && result === "passed");
  return verdict !== "fails" && passed.length === wanted.length;
}

/**
 * @param {Record<string, any>} credential
 * @param {Report} report
 * @param {string} fragment
 */
function showSigned(credential, report, fragment) {
  const said = whoSaysWhat(credential);
  if (said) {
    byId("says").replaceChildren(
      make("p", {}, make("bdi", {}, said.issuer), " says:"),
      make("p", { class: "recipient" }, make("bdi", {}, said.recipient)),
      make("p", {}, "earned ", make("bdi", { class: "achievement" }, said.achievement), `, ${said.date}`),
    );
    showName(said.issuer);
  }
  byId("facts").replaceChildren(...factsOf(credential));
  offerEmailMatch(credential, fragment);
}

/**
 * Draws the rosette of these very bytes, for a reader who holds the printed certificate beside it.
 * @param {Record<string, any>} credential
 * @param {() => boolean} isLast
 */
async function showSeal(credential, isLast) {
  const digest = await rosetteDigest(credential);
  if (!isLast()) return;
  const words = make("strong", {}, rosetteWords(digest).join(" "));
  const text = "Rosette and four words of what was signed. A printed certificate of it shows the same: they are there to be compared, and prove nothing alone.";
  byId("seal").replaceChildren(rosetteElement(digest), make("p", {}, words, text));
}

/** Takes away what was shown before. */
function clear() {
  for (const field of ["file", "text"]) {
    byId(`${field}-error`).textContent = "";
    byId(field).removeAttribute("aria-invalid");
  }
  for (const id of [...SAID, "verdict-checks"]) byId(id).replaceChildren();
  document.querySelectorAll("#verdict .note, #verdict .successor, #verdict .match").forEach((shown) => shown.remove());
  const details = /** @type {HTMLDetailsElement} */ (byId("verdict-details"));
  // A new element, so that nobody listens on it for the credential before.
  const fresh = /** @type {HTMLDetailsElement} */ (details.cloneNode(true));
  fresh.hidden = true;
  fresh.open = false;
  details.replaceWith(fresh);
}

/**
 * Says beside a field why what it was given is no credential.
 * @param {"file" | "text"} field
 * @param {unknown} error
 */
function refuse(field, error) {
  if (!(error instanceof FileError)) {
    return showVerdict("unknown", sentence("headline", "broken"));
  }
  if (error instanceof OtherFormError) return showVerdict("not_supported", error.message);
  byId("result").hidden = true;
  showVerdict("none", "");
  byId(`${field}-error`).textContent = inASentence(error.message);
  byId(field).setAttribute("aria-invalid", "true");
  byId(field).focus();
}

/**
 * A reason as a sentence of its own.
 * @param {string} text
 */
const inASentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;

/** @param {File | undefined} file */
function takeFile(file) {
  if (!file) return;
  void verify("file", async () => {
    if (file.size > MAX_FILE_BYTES) throw new OtherFormError(sentence("form", "too-large"));
    return { raw: unbaked(new Uint8Array(await file.arrayBuffer())) };
  });
}

/** @param {string} text */
function takeText(text) {
  void verify("text", async () => {
    if (/^\s*(?:\{|eyJ)/.test(text)) return { raw: unbaked(new TextEncoder().encode(text.trim())) };
    return desk.read(text);
  });
}

/**
 * Makes the page's fields work: choosing, dropping, pasting.
 * @param {Desk} ours
 */
export function startPage(ours) {
  desk = ours;
  const file = /** @type {HTMLInputElement} */ (byId("file"));
  const text = /** @type {HTMLTextAreaElement} */ (byId("text"));
  file.addEventListener("change", () => {
    takeFile(file.files?.[0]);
    // So that the same file can be chosen again.
    file.value = "";
  });
  byId("text-form").addEventListener("submit", (event) => {
    event.preventDefault();
    takeText(text.value);
  });
  document.addEventListener("paste", (event) => {
    const [pasted] = event.clipboardData?.files ?? [];
    if (pasted) takeFile(pasted);
  });
  listenForDrops();
  byId("verifier").hidden = false;
}

/** A file may be dropped anywhere on the page: missing the field shall not open it in the browser. */
function listenForDrops() {
  const mark = (/** @type {boolean} */ isOver) => byId("drop").classList.toggle("over", isOver);
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  document.addEventListener("dragleave", () => mark(false));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    const [dropped] = event.dataTransfer?.files ?? [];
    if (dropped) takeFile(dropped);
  });
}
