/** What every source of evidence is: a function that answers an address with bytes, or says that it cannot. */

/** Something could not be fetched. It says nothing about the credential. */
export class FetchError extends Error {}

/** @typedef {(url: string) => Promise<Uint8Array>} Fetch */

/**
 * The same fetch, asking once for each address, also while the answer is on its way: a credential and its list name one key document.
 * What could not be fetched is asked for again.
 * @param {Fetch} fetch
 * @returns {Fetch}
 */
export function cached(fetch) {
  /** @type {Map<string, Promise<Uint8Array>>} */
  const known = new Map();
  return (url) => {
    const answer = known.get(url) ?? fetch(url);
    known.set(url, answer);
    answer.catch(() => known.delete(url));
    return answer;
  };
}
