/**
 * Text as it is compared: without what layout and Markdown add or take away. The same program as records/fields/markdown.py.
 */

// What Python calls white space; \s of JavaScript differs (byte order mark, U+001C to U+001F, U+0085).
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPACES = new RegExp(`[${SPACE}]+`, "g");
const LINK = new RegExp(`\\]\\((https://[^${SPACE}()<>]+)\\)`, "g");
const AUTOLINK = new RegExp(`<(https://[^${SPACE}<>]+)>`, "g");
// Not ^ with the flag m: it would also match after a carriage return, which Python does not take for the end of a line.
const LIST_NUMBER = /(^|\n) {0,9}[0-9]{1,9}[.)](?= )/g;
// White space and ASCII punctuation are what Markdown adds or takes away; everything else must appear unchanged.
const IGNORED = new RegExp(`[${SPACE}!-/:-@\\[-\`{-~]+`, "g");

/**
 * Text with single spaces, and none around it.
 * @param {string} text
 */
export const folded = (text) => text.replace(SPACES, " ").replace(/^ | $/g, "");

const OUTER_SPACE = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");

/**
 * Text without white space around it, as Python trims it.
 * @param {string} text
 */
export const trimmed = (text) => text.replace(OUTER_SPACE, "");

/**
 * Text without white space and ASCII punctuation.
 * @param {string} text
 */
export const comparableText = (text) => text.replace(IGNORED, "");

/**
 * What a page must show of Markdown text: its characters (see comparableText) and its link targets in order.
 * @param {string} text
 * @returns {[string, string[]]}
 */
export function comparableMarkdown(text) {
  const links = [LINK, AUTOLINK].flatMap((pattern) => [...text.matchAll(pattern)]).sort((a, b) => a.index - b.index);
  const shown = text.replace(LINK, "]").replace(LIST_NUMBER, "$1");
  return [comparableText(shown), links.map((match) => match[1])];
}
