/**
 * The browser's verifier with two more rows in its table of forms, for the Python tests: one JSON line in, the report out.
 *
 * {"file", "responses", "now"}: the file and the answers by address in base64. The rows are those of
 * tests/test_verification_steps.py: a token around a credential, and an assertion of Open Badges 2.0, which is as its address says.
 */

import { text } from "node:stream/consumers";
import { formatJcs } from "../../site_builder/verification/browser/src/credentials/securing/jcs.js";
import { parseJson } from "../../site_builder/verification/browser/src/encoding.js";
import { DATA_INTEGRITY } from "../../site_builder/verification/browser/src/credentials/securing/data-integrity.js";
import { unbaked } from "../../site_builder/verification/browser/src/verification/decode/file.js";
import { FORMS } from "../../site_builder/verification/browser/src/verification/decode/table.js";
import { finding } from "../../site_builder/verification/browser/src/verification/finding.js";
import { MECHANISMS } from "../../site_builder/verification/browser/src/verification/proofs/table.js";
import { reportOn } from "./verifier.mjs";

/** @param {Uint8Array} raw */
const payloadOf = (raw) => JSON.parse(Buffer.from(Buffer.from(raw).toString("ascii").split(".")[1], "base64url").toString("utf8"));

FORMS.push(
  {
    recognises: (_value, raw) => Buffer.from(raw.subarray(0, 3)).toString("latin1") === "eyJ",
    present: (_value, raw) => ({ document: payloadOf(raw), form: "a token", securing: DATA_INTEGRITY, refusal: null }),
  },
  {
    recognises: (value) => value?.type === "Assertion",
    present: (value) => ({ document: value, form: "Open Badges 2.0", securing: "hosted", refusal: null }),
  },
);

MECHANISMS.hosted = {
  read: async (document, fetch) => {
    const isThere = formatJcs(parseJson(await fetch(document.id))) === formatJcs(document);
    return finding(isThere ? "passed" : "failed", isThere ? "passed" : "failed", { suites: "its address" });
  },
  holds: async () => false,
};

/** @type {{file: string, responses: Record<string, string>, now: string}} */
const { file, responses, now } = JSON.parse(await text(process.stdin));
/** @param {string} base64 */
const bytes = (base64) => new Uint8Array(Buffer.from(base64, "base64"));
const answers = new Map(Object.entries(responses).map(([url, body]) => [url, bytes(body)]));
const suites = ["eddsa-rdfc-2022", "eddsa-jcs-2022"];
console.log(JSON.stringify(await reportOn({ raw: unbaked(bytes(file)), responses: answers, now, page: null, suites })));
