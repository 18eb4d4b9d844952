// How a request fails that gets no whole answer.

/** No whole answer came. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  constructor(
    message: string,
    /** False only where the request cannot have reached the cloud. */
    readonly sent: boolean,
    /** What to do, where it was not sent and a repeat would fail in the same way. */
    readonly remedy?: string,
  ) {
    super(message);
  }
}
