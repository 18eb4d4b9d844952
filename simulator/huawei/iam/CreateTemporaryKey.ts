import { ApiError } from "../errors";
import { defineAction } from "./action";

interface Request {
  auth: { identity: { methods: string[]; token?: { duration_seconds?: number } } };
}

const quarterOfAnHour = 900;

export const CreateTemporaryKey = defineAction<Request>({
  service: "iam",
  route: "POST /v3.0/OS-CREDENTIAL/securitytokens",
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
            token: { type: "object", fields: { duration_seconds: { type: "integer" } } },
          },
        },
      },
    },
  },
  handle: ({ world, request }) => {
    const { methods, token } = request.auth.identity;
    if (!methods.includes("token")) throw new ApiError(400, "400", "Only the method token is simulated.");
    const seconds = token?.duration_seconds ?? quarterOfAnHour;
    if (seconds < quarterOfAnHour || seconds > 86_400) {
      throw new ApiError(400, "400", "duration_seconds must be from 900 to 86400.");
    }
    const key = world.issueTemporaryKey(seconds);
    const credential = {
      access: key.secretId,
      secret: key.secretKey,
      securitytoken: key.token,
      expires_at: new Date(key.expiresAt).toISOString().replace("Z", "000Z"),
    };
    return { status: 201, answer: { credential }, changed: true };
  },
});
