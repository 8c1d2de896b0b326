/** Dates as pages print them. The same program as site_builder/wording.py. */

const MONTHS = "January February March April May June July August September October November December".split(" ");

/**
 * The date part of a dateTimeStamp as pages print it, e.g. 14 May 2026; never converted to another zone.
 * @param {string} stamp
 */
export function formatDate(stamp) {
  const [year, month, day] = stamp.slice(0, 10).split("-");
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`;
}
