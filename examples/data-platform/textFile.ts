import * as pulumi from "@pulumi/pulumi";

interface TextFileInputs {
  path: string;
  lines: string[];
}

/** Writes the lines; the checksum says whether they changed. */
async function write({ path, lines }: TextFileInputs) {
  const { writeFile } = await import("node:fs/promises");
  const { createHash } = await import("node:crypto");
  const text = lines.map((line) => `${line}\n`).join("");
  await writeFile(path, text);
  return { path, lines, checksum: createHash("sha256").update(text).digest("hex") };
}

const provider: pulumi.dynamic.ResourceProvider = {
  create: async (inputs: TextFileInputs) => ({ id: inputs.path, outs: await write(inputs) }),
  update: async (_id: string, _olds: TextFileInputs, news: TextFileInputs) => ({ outs: await write(news) }),
  diff: async (_id: string, olds: TextFileInputs, news: TextFileInputs) => ({
    changes: olds.path !== news.path || JSON.stringify(olds.lines) !== JSON.stringify(news.lines),
    replaces: olds.path === news.path ? [] : ["path"],
  }),
  delete: async (id: string) => {
    const { rm } = await import("node:fs/promises");
    await rm(id, { force: true });
  },
};

/** A file on the machine that runs `pulumi up`: any resource of any provider would do in its place. */
export class TextFile extends pulumi.dynamic.Resource {
  declare readonly checksum: pulumi.Output<string>;

  constructor(
    name: string,
    args: { path: pulumi.Input<string>; lines: pulumi.Input<pulumi.Input<string>[]> },
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(provider, name, { checksum: undefined, ...args }, opts);
  }
}
