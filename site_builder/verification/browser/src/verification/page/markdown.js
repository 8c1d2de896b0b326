import { comparableMarkdown, comparableText } from "./text.js";

/**
 * @param {string} html
 * @param {string} source
 */
export function markdownAgrees(html, source) {
  const [shown, links] = comparableMarkdown(source);
  const unescape = (/** @type {string} */ text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#x27;/g, "'").replace(/&amp;/g, "&");
  const text = unescape(html.replace(/<[^>]*>/g, ""));
  const found = [...html.matchAll(/href="([^"]*)"/g)].map((match) => unescape(match[1]));
  return comparableText(text) === shown && JSON.stringify(found) === JSON.stringify(links);
}
