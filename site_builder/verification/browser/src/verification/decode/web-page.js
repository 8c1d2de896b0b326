/** Knowing a web page by its beginning. site_builder/verification/decode/web_page.py knows it by the same. */

// Each part begins where no other can, so that a stranger's page is read in a time that grows with its length alone.
const HTML = /^(?:\xef\xbb\xbf)?[\t-\r ]*(?:<!--(?:(?!-->)[^])*-->[\t-\r ]*)*<(?:!doctype[\t-\r ]+html|html)\b/i;

/**
 * Whether bytes begin as an HTML page does, comments before it or not.
 * @param {Uint8Array} raw
 */
export const isHtml = (raw) => HTML.test(String.fromCharCode(...raw.subarray(0, 4096)));
