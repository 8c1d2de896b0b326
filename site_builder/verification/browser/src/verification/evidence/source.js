/** What every source of evidence is: a function that answers an address with bytes, or says that it cannot. */

/** Something could not be fetched. It says nothing about the credential. */
export class FetchError extends Error {}

/** @typedef {(url: string) => Promise<Uint8Array>} Fetch */

/**
 * The same fetch, asking once for each address: a credential and its list name one key document.
 * @param {Fetch} fetch
 * @returns {Fetch}
 */
export function cached(fetch) {
  /** @type {Map<string, Uint8Array>} */
  const known = new Map();
  return async (url) => {
    const found = known.get(url) ?? (await fetch(url));
    known.set(url, found);
    return found;
  };
}
