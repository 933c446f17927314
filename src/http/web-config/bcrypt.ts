/** The library that computes bcrypt hashes. It is native and not everywhere, so it is loaded where there are passwords alone. */
export async function loadBcrypt() {
  return await import("@node-rs/bcrypt");
}

/** Why no password can be checked on this machine; undefined when they can. */
export async function whyNoBcrypt(): Promise<string | undefined> {
  try {
    await loadBcrypt();
    return undefined;
  } catch (error) {
    const [why = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return `${why} (it is optional: npm install @node-rs/bcrypt, without --omit=optional)`;
  }
}
