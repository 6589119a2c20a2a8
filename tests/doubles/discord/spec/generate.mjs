// Writes discord.json: what Discord's published API description says about the requests that the double
// takes, and about its answers. Run it in a folder outside the repository, as README.md says.
//
//     node generate.mjs VERSION > discord.json
import { pathsList } from "discord-api-spec";
import * as published from "discord-api-spec/zod";
import * as z from "zod/mini";

// The requests that a route of the double checks; what they refer to comes along.
const ROOTS = [
  "ApplicationCommandAutocompleteCallbackRequest",
  "ApplicationCommandUpdateRequest",
  "CreateForumThreadRequest",
  "CreateMessageInteractionCallbackRequest",
  "CreatePrivateChannelRequest",
  "CreateTextThreadWithMessageRequest",
  "CreateTextThreadWithoutMessageRequest",
  "IncomingWebhookRequestPartial",
  "IncomingWebhookUpdateRequestPartial",
  "MessageCreateRequest",
  "MessageEditRequestPartial",
  "ModalInteractionCallbackRequest",
  "PongInteractionCallbackRequest",
  "UpdateMessageInteractionCallbackRequest",
  "UpdateGuildChannelRequestPartial",
  "UpdateThreadRequestPartial",
  // What the double answers itself, so that its tests can hold it to the same description.
  "ApplicationCommandResponse",
  "CreatedThreadResponse",
  "GatewayBotResponse",
  "GuildChannelResponse",
  "GuildMemberResponse",
  "GuildRoleResponse",
  "GuildWithCountsResponse",
  "InteractionCallbackResponse",
  "MessageResponse",
  "MyGuildResponse",
  "PrivateApplicationResponse",
  "PrivateChannelResponse",
  "ThreadMemberResponse",
  "ThreadResponse",
  "ThreadsResponse",
  "UserPIIResponse",
  "UserResponse",
];

const registry = z.registry();
for (const [name, schema] of Object.entries(published)) {
  if (name.endsWith("Schema")) registry.add(schema, { id: name.slice(0, -"Schema".length) });
}
const { schemas } = z.toJSONSchema(registry, {
  io: "input",
  unrepresentable: "any",
  uri: (id) => `#/$defs/${id}`,
});
// Discord takes an id as a number too, and its clients send some so.
schemas.SnowflakeType = { anyOf: [{ type: "integer", minimum: 0 }, schemas.SnowflakeType] };

const kept = {};
function keep(name) {
  if (name in kept) return;
  kept[name] = cleaned(schemas[name]);
}
function cleaned(value) {
  if (Array.isArray(value)) return value.map(cleaned);
  if (value === null || typeof value !== "object") return value;
  const left = {};
  for (const [key, inner] of Object.entries(value)) {
    if (["$schema", "$id", "id"].includes(key) && typeof inner === "string") continue;
    if (key === "description" && typeof inner === "string") continue;
    left[key] = cleaned(inner);
  }
  // A branch that the package could not write takes anything, and would hide the others.
  if (left.anyOf) left.anyOf = left.anyOf.filter((branch) => Object.keys(branch).length > 0);
  // The package's pattern wants a Z, where Discord writes +00:00.
  if (left.format === "date-time") delete left.pattern;
  if (left.$ref) keep(left.$ref.split("/").at(-1));
  return left;
}
ROOTS.forEach(keep);

const sorted = Object.fromEntries(Object.keys(kept).sort().map((name) => [name, kept[name]]));
const head = { source: "discord-api-spec", version: process.argv[2], licence: "MIT", paths: pathsList };
console.log(JSON.stringify({ ...head, $defs: sorted }).replaceAll('},"', '},\n"'));
