/**
 * The release of the page that these scripts belong to: scripts/build-browser.mjs puts it here, from page/releases/.
 *
 * @type {import("../verification/page/expected.js").Release}
 */
export const RELEASE = { digest: "", claims: [], wording: {}, pages: {}, loads: [] };
