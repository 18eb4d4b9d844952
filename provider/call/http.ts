// Sends one signed request and says, when no answer came, whether it can have reached the cloud.
import { DecoratorHandler, type Dispatcher, request } from "undici";
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
  const { url, method, headers, body, freshConnection = false } = outgoing;
  let route: Route | undefined;
  let hasBegun = false;
  try {
    route = routeTo(url, connectTimeout, freshConnection);
    const dispatcher = route.dispatcher.compose((dispatch) => (options, handler) => {
      return dispatch(
        options,
        new Beginning(handler, () => {
          hasBegun = true;
        }),
      );
    });
    const response = await request(url, {
      method,
      headers,
      dispatcher,
      signal,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.body.text();
    const answered: Record<string, string | undefined> = {};
    for (const [name, value] of Object.entries(response.headers)) {
      answered[name] = Array.isArray(value) ? value[0] : value;
    }
    return { status: response.statusCode, headers: answered, text };
  } catch (error) {
    if (signal.aborted) throw new TransportError(messageOf(error), hasBegun);
    if (!hasBegun) throw notReached(error, route?.variable);
    // undici's answer to a 407 of a proxy to which the request itself went: nothing else fails like this so late.
    if (route?.variable && codesOf(error).includes("UND_ERR_INVALID_ARG"))
      throw refusedByProxy(407, route.variable);
    throw new TransportError(messageOf(error) || String(codesOf(error)[0]), true);
  } finally {
    if (freshConnection) route?.dispatcher.destroy().catch(() => {});
  }
}

/** Tells when a request is about to be written to its connection. Until then nothing of it has left. */
class Beginning extends DecoratorHandler implements Dispatcher.DispatchHandler {
  constructor(
    private readonly handler: Dispatcher.DispatchHandler,
    private readonly begin: () => void,
  ) {
    super(handler);
  }
  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.begin();
    this.handler.onRequestStart?.(controller, context);
  }
}
