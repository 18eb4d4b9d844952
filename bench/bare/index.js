// The least that a provider on the SDK's stubs can be: it takes what it is given, and finds no differences.
const { Server, ServerCredentials } = require("@grpc/grpc-js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const {
  CheckResponse,
  ConfigureResponse,
  CreateResponse,
  DiffResponse,
  GetSchemaResponse,
} = require("@pulumi/pulumi/proto/provider_pb");

const server = new Server();
server.addService(ResourceProviderService, {
  getPluginInfo: (_call, done) => done(null, new PluginInfo().setVersion("0.0.1")),
  getSchema: (_call, done) => done(null, new GetSchemaResponse().setSchema("{}")),
  checkConfig: (call, done) => done(null, new CheckResponse().setInputs(call.request.getNews())),
  diffConfig: (_call, done) => done(null, new DiffResponse()),
  configure: (_call, done) => done(null, new ConfigureResponse()),
  check: (call, done) => done(null, new CheckResponse().setInputs(call.request.getNews())),
  diff: (_call, done) => done(null, new DiffResponse().setChanges(DiffResponse.DiffChanges.DIFF_NONE)),
  create: (call, done) =>
    done(null, new CreateResponse().setId("id").setProperties(call.request.getProperties())),
  delete: (_call, done) => done(null, new Empty()),
  cancel: (_call, done) => done(null, new Empty()),
});
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
