// Sends one signed request and says, when no answer came, whether it can have reached the cloud.
import type { Dispatcher } from "undici";
import { messageOf } from "../base/errors";
import { codesOf, notReached, type Route, refusedByProxy, routeTo } from "./route";
import { TransportError } from "./transportError";

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  url: URL;
  headers: Record<string, string>;
  body?: string;
  /** Use a connection of its own: an idle one that the server has just closed would leave the outcome in doubt. */
  freshConnection?: boolean;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string | undefined>;
  text: string;
}

const connectTimeoutMilliseconds = 10_000;

/** `signal`: when nobody waits for the answer any more; whether the request arrives is not known then. */
export async function send(
  outgoing: HttpRequest,
  signal: AbortSignal,
  connectTimeout = connectTimeoutMilliseconds,
): Promise<HttpResponse> {
  const { url, method, headers, body = null, freshConnection = false } = outgoing;
  let route: Route | undefined;
  const exchange = new Exchange();
  const giveUp = () => exchange.giveUp(signal.reason);
  try {
    signal.throwIfAborted();
    signal.addEventListener("abort", giveUp, { once: true });
    route = routeTo(url, connectTimeout, freshConnection);
    const path = `${url.pathname}${url.search}`;
    route.dispatcher.dispatch({ origin: url.origin, path, method, headers, body }, exchange);
    return await exchange.answer;
  } catch (error) {
    const { hasBegun } = exchange;
    if (signal.aborted) throw new TransportError(messageOf(error), hasBegun);
    if (!hasBegun) throw notReached(error, route?.variable);
    // undici's answer to a 407 of a proxy to which the request itself went: nothing else fails like this so late.
    if (route?.variable && codesOf(error).includes("UND_ERR_INVALID_ARG"))
      throw refusedByProxy(407, route.variable);
    throw new TransportError(messageOf(error) || String(codesOf(error)[0]), true);
  } finally {
    signal.removeEventListener("abort", giveUp);
    if (freshConnection) route?.dispatcher.destroy().catch(() => {});
  }
}

const decoder = new TextDecoder();

/** A request and its whole answer. undici's own `request` makes a stream of each answer, which takes as long as the rest. */
class Exchange implements Dispatcher.DispatchHandler {
  /** Whether it is about to be written to its connection. Until then nothing of it has left. */
  hasBegun = false;
  readonly answer: Promise<HttpResponse>;
  private resolve: (answer: HttpResponse) => void = () => {};
  private reject: (error: unknown) => void = () => {};
  private controller: Dispatcher.DispatchController | undefined;
  private givenUp: Error | undefined;
  private status = 0;
  private readonly headers: Record<string, string | undefined> = {};
  private readonly chunks: Buffer[] = [];

  constructor() {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  giveUp(reason: Error): void {
    this.givenUp = reason;
    this.controller?.abort(reason);
    this.reject(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.givenUp) {
      controller.abort(this.givenUp);
      return;
    }
    this.controller = controller;
    this.hasBegun = true;
  }

  onResponseStart(
    _: unknown,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.status = status;
    for (const [name, value] of Object.entries(headers))
      this.headers[name] = Array.isArray(value) ? value[0] : value;
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const text = decoder.decode(Buffer.concat(this.chunks));
    this.resolve({ status: this.status, headers: this.headers, text });
  }

  onResponseError(_: unknown, error: Error): void {
    this.reject(error);
  }
}
