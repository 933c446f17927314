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
    const built = finish(build(source));
    last = { source, built };
    return built;
  }

  /** All that an end changes changes at once, so that nobody comes between. */
  async function finish(building: Promise<Built>): Promise<Built> {
    try {
      return await building;
    } catch (error) {
      // A failed build is its callers' to hear of, and not to be served again.
      last = undefined;
      throw error;
    } finally {
      running = false;
    }
  }

  return () => {
    const source = read();
    if (last?.source === source) return last.built;
    if (queued !== undefined) return queued;
    if (last === undefined || !running) return start(source);
    queued = last.built
      .catch(() => undefined)
      .then(() => {
        queued = undefined;
        return start(read());
      });
    return queued;
  };
}
