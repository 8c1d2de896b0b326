/** Times in credentials, status lists and proofs, all of one form. The same reading as site_builder/credentials/timestamps.py. */

// Day, time to the second, what is beyond that, offset.
const TIMESTAMP = /^(?!0000)(\d{4}-\d\d-\d\d)(T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.\d{1,9})?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * The moment of a dateTimeStamp, in milliseconds since 1970, to the second; null for anything else.
 * Source: XML Schema 1.1 Part 2, 3.4.28.
 * @param {unknown} text
 */
export function parseTimestamp(text) {
  const [, day, time, zone] = (typeof text === "string" && TIMESTAMP.exec(text)) || [];
  // Some engines take 30 February for 2 March, others for nothing, which is null as JSON.
  const isDay = new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day);
  return isDay ? Date.parse(day + time + zone) : null;
}
