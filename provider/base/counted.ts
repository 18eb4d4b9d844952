/** A number of things, for people: "1 node", "2 nodes". */
export const counted = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? "" : "s"}`;
