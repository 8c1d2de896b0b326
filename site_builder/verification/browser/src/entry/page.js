/**
 * What the page's own script asks of its page: a script of its own, fetched beside the signed file, because it carries all that the pages
 * of its release can say.
 */

import { comparePage } from "../verification/page/compare.js";
import { RELEASE } from "./release.js";

/**
 * As comparePage, with the release of this script.
 * @param {import("../verification/page/reader.js").StatementPage} page
 * @param {Record<string, any>} document
 * @param {string} multibase
 * @param {string} office
 */
export const compare = (page, document, multibase, office) =>
  comparePage(page, document, { multibase, office, release: RELEASE });
