// The IAM actions by name.
import type { Action } from "./action";
import { CreateTemporaryKey } from "./CreateTemporaryKey";
import { CreateToken } from "./CreateToken";
import { ListProjects } from "./ListProjects";

export const iamActions: Record<string, Action> = { CreateToken, ListProjects, CreateTemporaryKey };
