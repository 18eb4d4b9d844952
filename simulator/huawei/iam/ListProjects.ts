import { defineAction } from "./action";

interface Request {
  name?: string;
}

export const ListProjects = defineAction<Request>({
  service: "iam",
  route: "GET /v3/projects",
  fields: { name: { type: "string" } },
  handle: ({ world, request }) => {
    const projects = world.settings.huawei.projects.filter(
      ({ name }) => request.name === undefined || request.name === name,
    );
    return {
      answer: { projects: projects.map((project) => ({ ...project, enabled: true })), links: {} },
      changed: false,
    };
  },
});
