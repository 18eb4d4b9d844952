// What is tried with every resource: a table by type, in which none may be missing.
import { resources } from "../provider/resources";

/** The rows of a table, for `test.each`. Throws where a resource has no row, or a row no resource. */
export function everyType<Row>(table: Readonly<Record<string, Row>>): [string, Row][] {
  const types = [...resources.keys()];
  const strange = Object.keys(table).filter((type) => !types.includes(type));
  if (strange.length > 0) throw new Error(`there is no resource ${strange.join(", ")}`);
  return types.map((type) => {
    const row = table[type];
    if (row === undefined) throw new Error(`${type} is not tried here: add what it is tried with`);
    return [type, row];
  });
}
