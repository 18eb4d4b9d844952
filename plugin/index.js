// What Pulumi starts: the plugin of the package that this folder is part of. Node keeps its compiled code for the next start,
// where nobody but the user can write.
const { join } = require("node:path");
const { HOME, USERPROFILE, XDG_CACHE_HOME } = process.env;
const home = HOME || USERPROFILE;
const cache = XDG_CACHE_HOME || (home && join(home, ".cache"));
if (cache) require("node:module").enableCompileCache?.(join(cache, "pulumi-bigdata", "compiled"));
require("../dist/provider/plugin.js");
