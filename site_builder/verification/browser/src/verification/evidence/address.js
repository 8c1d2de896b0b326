/**
 * What people paste: the address of a credential's page, of its JSON or of a picture.
 *
 * The same reading as site_builder/verification/evidence/address.py.
 */

import { fetchBytes } from "./fetch.js";
import { FileError, MAX_FILE_BYTES, OtherFormError, unbaked } from "../decode/file.js";
import words from "../../../../wording/en.json" with { type: "json" };
import { isHtml } from "../decode/web-page.js";
import { toldPlatform, withScheme } from "./platforms.js";
import { FetchError } from "./source.js";

export { isHtml };

// Each part begins where no other can, so that a stranger's page is read in a time that grows with its length alone.
const LINK = /<link[\t-\r ][^<>]{0,2000}>/gi;
const BODY = /<body\b/i;
const ATTRIBUTE = /(?<![a-z])([a-z]+)[\t-\r ]*=[\t-\r ]*(?:"([^"]*)"|'([^']*)'|([^\t-\r "'>]+))/gi;
// A name with a dot whose last part begins with a letter. Where it leads, a browser cannot tell.
const PUBLIC_NAME = /^(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*$/;
const LOCAL_NAME = /\.(?:local|localhost|internal|lan|home\.arpa)$/;

/** Words that are no address, or one that gives no credential: with a sentence that says what to do. */
export class AddressError extends FileError {}

/**
 * The address in a text, without what stands behind #, and that. Throws AddressError.
 * @param {string} text
 * @returns {[string, string]}
 */
export function parseAddress(text) {
  const trimmed = withScheme(text.trim());
  if (/^http:\/\//i.test(trimmed)) throw new AddressError(words.address.not_https);
  const url = /^https:\/\/\S+$/i.test(trimmed) ? parsedOrNull(trimmed) : null;
  if (!url) throw new AddressError(words.address.neither);
  if (url.username || url.password || !isPublic(url)) throw new AddressError(words.address.not_public);
  const { hash } = url;
  url.hash = "";
  return [url.href, hash];
}

/**
 * @param {string} text
 * @param {string} [base]
 */
function parsedOrNull(text, base) {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

/**
 * Whether a host is named as hosts of the public web are: a stranger's document shall not make this browser ask its own network
 * by number or by a name that only stands there.
 * @param {URL} url
 */
export const isPublic = ({ hostname }) => PUBLIC_NAME.test(hostname) && !LOCAL_NAME.test(hostname);

/**
 * The bytes at an address that a document names. Throws FetchError.
 * @param {string} url
 */
export async function fetchNamed(url) {
  const parsed = parsedOrNull(url);
  if (parsed?.protocol !== "https:" || !isPublic(parsed)) throw new FetchError("not an address on the public web");
  return fetchBytes(url);
}

/**
 * The document at an address, or that the page there names. Throws FileError, on a platform OtherFormError with what helps.
 * @param {string} url
 * @returns {Promise<Uint8Array>}
 */
export async function fetchCredential(url) {
  const platform = toldPlatform(url);
  try {
    const found = await fetchNamedBy(url);
    if (platform && isHtml(found)) throw new OtherFormError(platform);
    return found;
  } catch (error) {
    if (!(error instanceof FileError) || !platform) throw error;
    throw new OtherFormError(platform);
  }
}

/** @param {string} url */
async function fetchNamedBy(url) {
  const raw = await fetchPasted(url);
  if (!isHtml(raw)) return unbaked(raw);
  return unbaked(await fetchPasted(credentialAddress(new TextDecoder().decode(raw), { page: url })));
}

/** @param {string} url */
async function fetchPasted(url) {
  try {
    if (!isPublic(new URL(url))) throw new FetchError("not an address on the public web");
    return await fetchBytes(url, { maxBytes: MAX_FILE_BYTES });
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    throw new AddressError(words.address.unreachable.replace("{domain}", () => new URL(url).host));
  }
}

/**
 * Where the credential of a page lies: as its link of type application/vc says, else credential.json beside the page.
 *
 * The page is a stranger's: it is read as text, so that nothing of it can run or be fetched.
 * @param {string} html
 * @param {{page: string}} options
 */
export function credentialAddress(html, { page }) {
  for (const link of html.split(BODY, 1)[0].match(LINK) ?? []) {
    const values = new Map([...link.matchAll(ATTRIBUTE)].map(([, name, ...value]) => [name.toLowerCase(), value.find(Boolean) ?? ""]));
    const relations = (values.get("rel") ?? "").toLowerCase().split(/\s+/);
    const kind = (values.get("type") ?? "").split(";")[0].trim().toLowerCase();
    const target = values.get("href");
    if (relations.includes("alternate") && kind === "application/vc" && target) {
      return joined(target.replaceAll("&amp;", "&"), page);
    }
  }
  return joined("credential.json", page);
}

/**
 * @param {string} target
 * @param {string} page
 */
function joined(target, page) {
  const url = parsedOrNull(target, page);
  if (url?.protocol !== "https:") throw new AddressError(words.address.not_https);
  url.hash = "";
  return url.href;
}
