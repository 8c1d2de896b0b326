/** Checking the content, the last step: what is asked of the statement itself. A new check is a module beside this and a row here. */

import { checkDates } from "./dates.js";
import { checkPage } from "./page.js";

/** @typedef {import("../finding.js").Finding} Finding */
/** @typedef {import("./statement.js").Statement} Statement */

/**
 * By the name of the check, in the order in which a report has them. What the step before found has its place among these.
 * @type {Record<string, (statement: Statement) => Finding | Promise<Finding>>}
 */
export const CHECKS = { dates: checkDates, status: ({ status }) => status, page: checkPage };

/**
 * Name and finding of each check, in order.
 * @param {Statement} statement
 * @returns {Promise<[string, Finding][]>}
 */
export const checkContent = (statement) =>
  Promise.all(Object.entries(CHECKS).map(async ([name, check]) => /** @type {[string, Finding]} */ ([name, await check(statement)])));
