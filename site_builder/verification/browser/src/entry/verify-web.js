/** The page /verify/: evidence from the addresses that a credential names. */

import { otherForm } from "../verification/decode/other-forms.js";
import { fetchCredential, fetchNamed, parseAddress } from "../verification/evidence/address.js";
import { cached } from "../verification/evidence/source.js";
import { verifyAndFollow } from "../verification/successor.js";
import { startPage } from "../ui/verify-page.js";
import { verifyAndWiden } from "./suites.js";

startPage({
  verify: (raw, page) =>
    verifyAndWiden(raw, { fetch: cached(fetchNamed), where: "in this browser", nameForm: otherForm }, { ...page, verify: verifyAndFollow }),
  read: async (text) => {
    const [address, fragment] = parseAddress(text);
    return { raw: await fetchCredential(address), fragment, address };
  },
  verdictOf: ({ verdict }) => verdict,
  located: (url) => url,
});
