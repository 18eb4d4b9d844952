// What processes and components shall be: the same for services of EMR and applications of EMR on VKE.
import { choice } from "./choice";

export const runState = choice(
  { running: "They run.", stopped: "They are stopped." },
  { typeName: "index:RunState", typeDescription: "What processes or components shall be." },
);

export const runStateOnDelete = choice(
  {
    leave: "They stay as they are.",
    running: "They run afterwards.",
    stopped: "They are stopped afterwards.",
  },
  {
    typeName: "index:RunStateOnDelete",
    typeDescription: "What processes or components are when the resource is deleted.",
  },
);
