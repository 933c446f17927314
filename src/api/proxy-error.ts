/** A failure on the way to or at a forward proxy, before a connection to the API exists. Holds no part of the proxy's credential. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
  /** The proxy's answer to CONNECT; undefined when it did not answer, and `cause` tells why. */
  readonly status: number | undefined;

  constructor(status: number | undefined, cause?: unknown) {
    super(status === undefined ? "The proxy did not answer" : `The proxy answered HTTP ${status}`, { cause });
    this.status = status;
  }
}
