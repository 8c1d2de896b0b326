/** The page /verify/: evidence from the addresses that a credential names. */

import { fetchCredential, fetchNamed, parseAddress } from "../verification/evidence/address.js";
import { verifyAndFollow } from "../verification/successor.js";
import { verifyAndWiden } from "../verification/suites.js";
import { startPage } from "../ui/verify-page.js";
import { remembering } from "../verification/verify.js";

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
