// What Pulumi starts: the plugin of the package that this folder is part of.
require("../dist/provider/plugin.js");
