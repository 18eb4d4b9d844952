// The text that lands in every stack's state as `__provider`. If it changes, every resource of every user shows an
// update, so the expected text stands here in full. Stacks that tests make without a program use it too.

export const shellText = (type: string) => `exports.handler = __f0;

var __shell = {configure: __f1};

function __f1(__0) {
  return (function() {
    with({ type: ${JSON.stringify(type)}, this: undefined, arguments: undefined }) {

return async function /*configure*/(request) {
            let methods;
            try {
                const paths = [".", "node_modules/.pnpm"];
                methods = require(require.resolve("pulumi-bigdata/provider", { paths })).dynamicProvider(type, request);
            }
            catch (error) {
                const fail = () => Promise.reject(error);
                methods = { check: fail, diff: fail, create: fail, read: fail, update: fail, delete: fail };
            }
            Object.assign(this, methods);
        };

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f0() {
  return (function() {
    with({ shell: __shell, this: undefined, arguments: undefined }) {

return () => shell;

    }
  }).apply(undefined, undefined).apply(this, arguments);
}
`;
