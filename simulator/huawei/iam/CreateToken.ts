import { ApiError } from "../errors";
import type { Fields } from "../shape";
import { type Call, defineAction } from "./action";

interface Named {
  name?: string;
  id?: string;
}

interface Request {
  auth: {
    identity: {
      methods: string[];
      password?: { user: { name: string; password: string; domain: { name: string } } };
    };
    scope?: { project?: Named; domain?: Named };
  };
}

const named: Fields = { name: { type: "string" }, id: { type: "string" } };

export const CreateToken = defineAction<Request>({
  service: "iam",
  route: "POST /v3/auth/tokens",
  authenticated: false,
  fields: {
    auth: {
      type: "object",
      required: true,
      fields: {
        identity: {
          type: "object",
          required: true,
          fields: {
            methods: { type: "strings", required: true },
            password: {
              type: "object",
              fields: {
                user: {
                  type: "object",
                  required: true,
                  fields: {
                    name: { type: "string", required: true },
                    password: { type: "string", required: true },
                    domain: {
                      type: "object",
                      required: true,
                      fields: { name: { type: "string", required: true } },
                    },
                  },
                },
              },
            },
          },
        },
        scope: {
          type: "object",
          fields: { project: { type: "object", fields: named }, domain: { type: "object", fields: named } },
        },
      },
    },
  },
  handle: (call) => {
    const { world, request } = call;
    const { identity, scope } = request.auth;
    const given = identity.password?.user;
    if (!identity.methods.includes("password") || !given) {
      throw new ApiError(400, "400", "Only the method password is simulated.");
    }
    const user = world.settings.huawei.users.find(
      ({ domain, name }) => domain === given.domain.name && name === given.name,
    );
    if (user?.password !== given.password) {
      throw new ApiError(401, "401", "The username or password is wrong.");
    }
    const project = scope?.project && requireProject(call, scope.project);
    const token = world.issueToken(project ? project.id : "");
    const domain = { id: "d78cbac186b744899480f25bd0000001", name: user.domain };
    return {
      status: 201,
      headers: { "X-Subject-Token": token.value },
      answer: {
        token: {
          catalog: [],
          expires_at: microseconds(token.expiresAt),
          issued_at: microseconds(token.issuedAt),
          methods: ["password"],
          ...(project ? { project: { ...project, domain } } : {}),
          roles: [{ id: "0", name: "te_admin" }],
          user: { id: "7116d09f88fa41908676fdd4b0000001", name: user.name, domain, password_expires_at: "" },
        },
      },
      changed: true,
    };
  },
});

function requireProject({ world }: Call<Request>, { id, name }: Named): { id: string; name: string } {
  if ((id === undefined) === (name === undefined)) {
    throw new ApiError(400, "400", "Exactly one of project id and project name is required.");
  }
  const { projects } = world.settings.huawei;
  const project = projects.find((candidate) => candidate.id === id || candidate.name === name);
  if (!project) throw new ApiError(401, "401", `The project ${id ?? name} does not exist.`);
  return project;
}

/** With six fractional digits. */
function microseconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("Z", "000Z");
}
