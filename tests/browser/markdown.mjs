/** Whether pages show what Markdown says, for the Python tests: a JSON array of [html, source] in, one of booleans out. */

import { text } from "node:stream/consumers";
import { markdownAgrees } from "../../site_builder/verification/browser/src/verification/page/markdown.js";

/** @type {[string, string][]} */
const pairs = JSON.parse(await text(process.stdin));
console.log(JSON.stringify(pairs.map(([html, source]) => markdownAgrees(html, source))));
