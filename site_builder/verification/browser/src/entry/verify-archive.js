/**
 * The page verify.html of an archive: evidence from the page itself, and nothing from anywhere else.
 *
 * It opens from a disk, where a page may load nothing: so all of the checker is in it, and both proofs are checked at once.
 */

import { ARCHIVE, fetchArchived } from "../verification/evidence/archive.js";
import { FileError } from "../verification/decode/file.js";
import { otherForm } from "../verification/decode/other-forms.js";
import { RDFC, SUITES } from "../credentials/securing/data-integrity.js";
import { canonicalize } from "./rdfc.js";
import { sentence } from "../verification/report.js";
import { verifyAndFollow } from "../verification/successor.js";
import { startPage } from "../ui/verify-page.js";

const suites = new Map([...SUITES, [RDFC, canonicalize]]);

/**
 * A sentence of wording/en-archive.json with the archive's own name and day.
 * @param {string} text
 */
const told = (text) => text.split("{archive}").join(ARCHIVE.archive).split("{as_of}").join(ARCHIVE.as_of);

/**
 * @param {import("../verification/report.js").Report} report
 * @returns {import("../verification/report.js").Report}
 */
const toldReport = (report) => ({
  ...report,
  headline: told(report.headline),
  checks: report.checks.map((check) => ({ ...check, sentence: told(check.sentence) })),
});

startPage({
  verify: async (raw, { show }) => {
    show(toldReport(await verifyAndFollow(raw, { fetch: fetchArchived, now: new Date(), suites, nameForm: otherForm })));
  },
  read: async () => {
    throw new FileError(sentence("address", "neither"));
  },
  // What an archive vouches for has a mark of its own: the good one is the domain's.
  verdictOf: ({ verdict }) => (verdict === "holds" ? "archive" : verdict),
  located: (url) => `${url} (from the archive of ${ARCHIVE.archive})`,
});
