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

/** The most that an answer may have in bytes and take in milliseconds, however it comes. */
const longest = { bytes: 32 << 20, time: 120_000 };

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

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Stands for what is no text: neither JSON nor empty. */
const noText = "\ufffd";

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
  private headers: Record<string, string | undefined> = {};
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private startedAt = 0;

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
    this.startedAt = performance.now();
  }

  /** A server that sends a little now and then keeps nobody waiting for ever. */
  private keepInTime(): void {
    if (performance.now() - this.startedAt > longest.time)
      this.giveUp(new Error("its answer takes too long"));
  }

  onResponseStart(
    _: unknown,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.keepInTime();
    this.status = status;
    // One that only informs has come before.
    this.headers = {};
    for (const [name, value] of Object.entries(headers))
      this.headers[name] = Array.isArray(value) ? value[0] : value;
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.keepInTime();
    this.size += chunk.length;
    if (this.size > longest.bytes) this.giveUp(new Error("its answer is too long"));
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.resolve({ status: this.status, headers: this.headers, text: this.text() });
  }

  private text(): string {
    try {
      return decoder.decode(Buffer.concat(this.chunks));
    } catch {
      return noText;
    }
  }

  onResponseError(_: unknown, error: Error): void {
    this.reject(error);
  }
}
