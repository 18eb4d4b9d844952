// Where a configured endpoint leads. Keys go nowhere in plain HTTP but to this machine, unless a person has said so.

/** A URL, or a host of which https is meant. Throws where it is neither. */
export function urlOf(endpoint: string): URL {
  return new URL(/^https?:\/\//i.test(endpoint) ? endpoint : `https://${endpoint}`);
}

export const isLoopback = (hostname: string) =>
  /^(.*\.)?localhost\.?$|^127(\.\d+){3}$|^\[::1\]$/.test(hostname);

/** What is wrong with a URL that nobody has allowed to be plain HTTP. */
export function plainProblem({ protocol, hostname }: URL): string | undefined {
  if (protocol === "https:" || isLoopback(hostname)) return undefined;
  return `leads to ${hostname} in plain HTTP, where anybody on the way can read and change calls: use https, or allow it with \`pulumi config set bigdata:allowPlainHttp true\``;
}
