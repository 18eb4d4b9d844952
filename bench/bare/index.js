// The least that a provider on the SDK's stubs can be: it answers Check with what it is given, and nothing else.
const { Server, ServerCredentials } = require("@grpc/grpc-js");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const { CheckResponse, ConfigureResponse } = require("@pulumi/pulumi/proto/provider_pb");

const server = new Server();
server.addService(ResourceProviderService, {
  configure: (_call, done) => done(null, new ConfigureResponse()),
  check: (call, done) => done(null, new CheckResponse().setInputs(call.request.getNews())),
});
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
