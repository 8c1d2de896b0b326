/** The page /verify/: evidence from the addresses that a credential names. */

import { fetchCredential, fetchNamed, parseAddress } from "./address.js";
import { verifyAndFollow } from "./successor.js";
import { verifyAndWiden } from "./suites.js";
import { startPage } from "./verify-page.js";
import { remembering } from "./verify.js";

startPage({
  verify: (raw, page) =>
    verifyAndWiden(raw, { fetch: remembering(fetchNamed), where: "in this browser" }, { ...page, verify: verifyAndFollow }),
  read: async (text) => {
    const [address, fragment] = parseAddress(text);
    return { raw: await fetchCredential(address), fragment };
  },
  verdictOf: ({ verdict }) => verdict,
  located: (url) => url,
});
