/** Serves what was built from the newest source. */
export type LatestBuild<Built> = () => Promise<Built>;

/**
 * Shares builds of something that takes a while: as long as `read` answers the same object, the build made of it is
 * served; who comes while one is under way waits for it, and for at most one more when the source changed meanwhile.
 * So nobody is served anything older than what `read` answered when he came, and one build runs at a time.
 */
export function latestBuild<Source extends object, Built>(
  read: () => Source,
  build: (source: Source) => Promise<Built>,
): LatestBuild<Built> {
  let last: { readonly source: Source; readonly built: Promise<Built> } | undefined;
  let running = false;
  let queued: Promise<Built> | undefined;

  function start(source: Source): Promise<Built> {
    running = true;
    const built = build(source).finally(() => {
      running = false;
    });
    last = { source, built };
    // A failed build is its callers' to hear of, and not to be served again.
    built.catch(() => {
      if (last?.built === built) last = undefined;
    });
    return built;
  }

  return () => {
    const source = read();
    if (last?.source === source) return last.built;
    if (!running || last === undefined) return start(source);
    queued ??= last.built
      .catch(() => undefined)
      .then(() => {
        queued = undefined;
        const newest = read();
        return last?.source === newest ? last.built : start(newest);
      });
    return queued;
  };
}
