// Loads what the SDK needs only for programs when it is first used, and not at the start. For provider processes, of which
// tests start thousands: half of their start is otherwise a package manager and a compiler that no provider uses.
const Module = require("node:module");

const load = Module._load;
const programsOnly = new Set(["@npmcli/arborist", "typescript"]);

Module._load = function (request, parent, isMain) {
  if (!programsOnly.has(request)) return load.call(this, request, parent, isMain);
  const loaded = () => load.call(this, request, parent, isMain);
  return new Proxy({}, { get: (_, name) => (name === "__esModule" ? true : loaded()[name]) });
};
