// What Pulumi starts: the plugin of the package that this folder is part of. Node keeps its compiled code for the next
// start, where NODE_COMPILE_CACHE says or among the system's temporary files.
require("node:module").enableCompileCache?.();
require("../dist/provider/plugin.js");
