/**
 * Search in the pages of the manual: the index that MkDocs wrote in, places in pages out. No DOM, no network.
 *
 * assets/manual.js loads this file when the field is used for the first time.
 */

import MiniSearch from "minisearch";

/**
 * @typedef {{location: string, title: string, text: string}} Entry A page or a section, as search_index.json lists it.
 * @typedef {{location: string, title: string, page: string, excerpt: string}} Found page: title of its page, "" when it is the same.
 */

const MOST = 8;
const EXCERPT_CHARACTERS = 110;

/**
 * A function that finds words in the pages of an index, best first.
 * @param {{docs: Entry[]}} index
 * @returns {(words: string) => Found[]}
 */
export function makeSearch({ docs }) {
  const pages = new Map(docs.filter(({ location }) => !location.includes("#")).map((entry) => [entry.location, entry.title]));
  const engine = new MiniSearch({
    idField: "location",
    fields: ["title", "text"],
    storeFields: ["title", "text"],
    searchOptions: { boost: { title: 3 }, combineWith: "AND", prefix: true, fuzzy: (word) => (word.length > 4 ? 0.2 : false) },
  });
  engine.addAll(sections(docs));
  return (words) =>
    engine.search(words).slice(0, MOST).map(({ id, title, text, terms }) => {
      const page = pages.get(id.split("#")[0]) ?? "";
      return { location: id, title, page: page === title ? "" : page, excerpt: excerpt(text, terms) };
    });
}

/**
 * The entries that are searched: a page whose sections are listed too is not, for its text is theirs.
 * @param {Entry[]} docs
 */
function sections(docs) {
  const divided = new Set(docs.filter(({ location }) => location.includes("#")).map(({ location }) => location.split("#")[0]));
  return docs.filter(({ location }) => !divided.has(location));
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
