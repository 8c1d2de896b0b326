/**
 * Search in the pages of the manual: the index that MkDocs wrote in, places in pages out. No DOM, no network.
 *
 * assets/manual.js loads this file when the field is used for the first time.
 */

import MiniSearch from "minisearch";

/**
 * @typedef {{location: string, title: string, text: string}} Entry A page or a section, as search_index.json lists it.
 * @typedef {{location: string, title: string, page: string, excerpt: string}} Found page: title of its page, "" when it is the same.
 * @typedef {import("minisearch").SearchResult & Pick<Entry, "title" | "text">} Result id: the location of an entry.
 */

const MOST = 8;
const EXCERPT_CHARACTERS = 110;

/**
 * A function that finds words in the pages of an index: the best places, best first, and how many there are.
 * @param {{docs: Entry[]}} index
 * @returns {(words: string) => {places: Found[], total: number}}
 */
export function makeSearch(index) {
  const docs = index.docs.map((entry) => ({ ...entry, title: plain(entry.title), text: joined(entry.text) }));
  const pages = new Map(docs.filter(({ location }) => !location.includes("#")).map((entry) => [entry.location, entry.title]));
  const engine = new MiniSearch({
    idField: "location",
    fields: ["title", "text"],
    storeFields: ["title", "text"],
    searchOptions: { boost: { title: 3 }, combineWith: "AND", prefix: true, fuzzy: (word) => (word.length > 4 ? 0.2 : false) },
  });
  engine.addAll(sections(docs));
  /** @param {Result} result */
  const place = ({ id, title, text, terms }) => {
    const page = pages.get(id.split("#")[0]) ?? "";
    return { location: id, title, page: page === title ? "" : page, excerpt: excerpt(text, terms) };
  };
  return (words) => {
    const results = /** @type {Result[]} */ (engine.search(words));
    return { places: results.slice(0, MOST).map(place), total: results.length };
  };
}

/**
 * The entries that are searched: a page whose sections are listed too is not, for its text is theirs.
 * @param {Entry[]} docs
 */
function sections(docs) {
  const divided = new Set(docs.filter(({ location }) => location.includes("#")).map(({ location }) => location.split("#")[0]));
  return docs.filter(({ location }) => !divided.has(location));
}

/** @type {Record<string, string>} */
const CHARACTERS = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&" };

/**
 * A title as it is read: MkDocs lists titles as HTML, texts as text.
 * @param {string} title
 */
function plain(title) {
  return title.replace(/&(?:lt|gt|quot|#39|amp);/g, (reference) => CHARACTERS[reference]);
}

/**
 * A text without the spaces that MkDocs leaves where an element ended before a comma.
 * @param {string} text
 */
function joined(text) {
  return text.replace(/ +(?=[,.;:)])/g, "");
}

/**
 * The text around the first of the found words, cut between words.
 * @param {string} text
 * @param {string[]} terms
 */
function excerpt(text, terms) {
  const lower = text.toLowerCase();
  const places = terms.map((term) => lower.indexOf(term)).filter((place) => place >= 0);
  const first = places.length > 0 ? Math.min(...places) : 0;
  const start = first < 40 ? 0 : text.indexOf(" ", first - 40) + 1;
  const rest = text.slice(start);
  const end = rest.length > EXCERPT_CHARACTERS ? rest.lastIndexOf(" ", EXCERPT_CHARACTERS) : rest.length;
  return `${start > 0 ? "… " : ""}${rest.slice(0, end)}${end < rest.length ? " …" : ""}`;
}
