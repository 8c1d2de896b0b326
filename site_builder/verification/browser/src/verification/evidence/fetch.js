/** Asking the web: bounded, without credentials or referrer, and following nothing. */

import { FetchError } from "./source.js";
import { readAtMost } from "../../credentials/status/bitstring.js";

const MAX_FETCHED_BYTES = 5 * 1_048_576;
const TIMEOUT_MS = 20_000;

/**
 * The bytes at an address. Throws FetchError for whatever prevents it.
 * @param {string} url
 * @param {{maxBytes?: number}} [options]
 * @returns {Promise<Uint8Array>}
 */
export async function fetchBytes(url, { maxBytes = MAX_FETCHED_BYTES } = {}) {
  try {
    const response = await fetch(url, {
      cache: "no-cache",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok || !response.body) throw new FetchError(`the answer was ${response.status}`);
    return await readAtMost(response.body, maxBytes);
  } catch (error) {
    throw error instanceof FetchError ? error : new FetchError(String(error));
  }
}
