/** The demo's signing keys: public on purpose. A credential signed by one of them holds, but never reads as good. */

import demoKeys from "./demo_keys.json" with { type: "json" };

/**
 * Whether this public key's private half is published with Laurels.
 * @param {string} multibase
 */
export const isDemoKey = (multibase) => demoKeys.includes(multibase);
