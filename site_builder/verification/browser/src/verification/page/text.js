/**
 * White space as Python knows it.
 */

// What Python calls white space; \s of JavaScript differs (byte order mark, U+001C to U+001F, U+0085).
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const OUTER_SPACE = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");

/**
 * Text without white space around it, as Python trims it.
 * @param {string} text
 */
export const trimmed = (text) => text.replace(OUTER_SPACE, "");
