"""What Discord accepts: its published schema, and by hand the documented rules that the schema does not hold.

The rules share nothing with any adapter: the numbers stand here because Discord documents them.
Nobody documents whether a length counts code points or UTF-16 units, so the double takes the stricter, UTF-16.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path as Place
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from .refusals import at, bad, invalid, merged
from .state import Flag, Json, Message, embed_texts, every_component

Path = list[str | int]
Mistake = tuple[Path, str, str]
"""Where it is, Discord's name for it, and the words."""

CONTENT = 2000
EMBEDS_TOGETHER = 6000
ROWS = 5
COMPONENTS_V2 = 40
TEXT_V2 = 4000
MODAL_ROWS = 5
CHOICE_VALUE = 100
COMMAND_TEXT = 8000
COMMANDS = {1: 100, 2: 15, 3: 15}
NONCE = 25
ONLY_V2 = {9: "Section", 10: "TextDisplay", 11: "Thumbnail", 12: "MediaGallery", 13: "File", 14: "Separator"}
ONLY_V2[17] = "Container"
SELECTS = frozenset({3, 5, 6, 7, 8})
SUBCOMMAND, GROUP = 1, 2
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")


def length(text: str) -> int:
    """UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


# -- the published schema --------------------------------------------------------------------------------


@cache
def published() -> Json:
    found: Json = json.loads((Place(__file__).parent / "spec" / "discord.json").read_text(encoding="utf-8"))
    return found


@cache
def known_path(method: str, path: str) -> bool:
    """Whether Discord documents such a request; `path` begins after the API's base."""
    listed = published()["paths"].get(method.lower(), [])
    return any(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", each), path) for each in listed)


def _longest(_validator: Any, limit: int, text: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(text, str) and length(text) > limit:
        yield ValidationError(f"{text[:20]!r}... is too long")


def _union(validator: Any, branches: list[Json], given: Any, schema: Any) -> Iterator[ValidationError]:
    """anyOf, but straight to the branch that is meant where the `type` tells: faster, and its errors are plain."""
    if given is None and NULL in branches:
        return
    possible = [each for each in branches if each != NULL]
    if isinstance(given, dict) and "type" in given:
        possible = [each for each in possible if type_of(each.get("$ref", "")) in (None, given["type"])]
    if len(possible) == 1:
        yield from validator.descend(given, possible[0])
    else:
        yield from Draft202012Validator.VALIDATORS["anyOf"](validator, possible or branches, given, schema)


NULL = {"type": "null"}


@cache
def type_of(reference: str) -> Any:
    """The one `type` that a referenced schema takes, if there is one."""
    found = published()["$defs"].get(reference.rpartition("/")[2], {})
    return found.get("properties", {}).get("type", {}).get("const")


Counting: Any = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"maxLength": _longest, "anyOf": _union}
)


@cache
def validator(name: str) -> Any:
    """For answers as published; for requests, no key may be in them that Discord does not know."""
    definitions = published()["$defs"]
    known = definitions if name.endswith("Response") else closed(definitions)
    return Counting({"$ref": f"#/$defs/{name}", "$defs": known})


def closed(schema: Any) -> Any:
    """The same schema, but every object takes the keys alone that it names."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    if schema.get("type") == "object" and isinstance(schema.get("properties"), dict):
        found.setdefault("additionalProperties", False)
    return found


IGNORED = frozenset({"nsfw", "dm_permission", "tts", "flags", "type"})
IGNORED |= {
    "content_type",
    "proxy_url",
    "url",
    "size",
    "spoiler",
    "height",
    "width",
}  # of attachments that stay
"""Keys that clients send where the published schema has none; Discord ignores them or did so once."""


def check(name: str, body: Any, *above: str | int) -> None:
    """Refuses a body (which stands at `above` in the form) that is not as the published schema of this name."""
    errors = validator(name).iter_errors(body)
    found = [mistake for error in errors for mistake in mistakes(error, list(above))]
    refuse(found)


def refuse(found: Iterable[Mistake]) -> None:
    """Raises with all of these, if there are any."""
    errors: Json = {}
    for path, code, words in dict.fromkeys((tuple(path), code, words) for path, code, words in found):
        errors = merged(errors, at(list(path), code, words))
    if errors:
        raise invalid(errors)


def mistakes(error: ValidationError, above: Path | None = None) -> Iterator[Mistake]:
    """The plain mistakes behind one error of the validator; of a union's branches, that which was meant."""
    path = [*(above or []), *error.relative_path]
    if error.validator in ("anyOf", "oneOf") and error.context:
        for inner in meant(error.context):
            yield from mistakes(inner, path)
        return
    if error.validator == "required":
        wanted: Any = error.validator_value
        given: Any = error.instance
        missing = [key for key in wanted if key not in given]
        yield from (([*path, key], "BASE_TYPE_REQUIRED", "This field is required") for key in missing)
        return
    if error.validator == "additionalProperties":
        content: Any = error.instance
        schema: Any = error.schema
        strange = set(content) - set(schema["properties"]) - IGNORED
        assert not strange, f"Discord knows no key {sorted(strange)} at {path}"
        return
    yield path, *worded(error)


def meant(errors: Iterable[ValidationError]) -> list[ValidationError]:
    """The errors of the branch whose `type` fits, else of the branch with the fewest."""
    branches: dict[Any, list[ValidationError]] = {}
    for error in errors:
        branches.setdefault(error.relative_schema_path[0], []).append(error)

    def unfit(branch: list[ValidationError]) -> tuple[int, int]:
        wrong = [error for error in branch if list(error.relative_path) == ["type"]]
        return len(wrong), len(branch)

    return min(branches.values(), key=unfit)


def worded(error: ValidationError) -> tuple[str, str]:
    """Discord's code and words for an error of the validator."""
    limit = error.validator_value
    match error.validator:
        case "maxLength":
            return "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length."
        case "minLength":
            return "BASE_TYPE_MIN_LENGTH", f"Must be {limit} or more in length."
        case "maxItems":
            return "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length."
        case "minItems":
            return "BASE_TYPE_MIN_LENGTH", f"Must be {limit} or more in length."
        case "maximum":
            return "NUMBER_TYPE_MAX", f"int value should be less than or equal to {limit}."
        case "minimum":
            return "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {limit}."
        case "const" | "enum":
            return "BASE_TYPE_CHOICES", f"Value must be one of {limit}."
        case "type":
            return "BASE_TYPE_BAD_TYPE", f"Expected {limit}."
    return "BASE_TYPE_INVALID", error.message[:200]


# -- messages --------------------------------------------------------------------------------------------


def check_message(body: Json, files: int = 0, before: Message | None = None) -> None:
    """The rules by hand for a message that is sent, or an edit of `before`."""
    components = body.get("components") or []
    flags = body.get("flags") or 0
    is_v2 = bool((flags | (before.flags if before else 0)) & Flag.IS_COMPONENTS_V2)
    found: list[Mistake] = []
    if length(body.get("content") or "") > CONTENT:
        found.append((["content"], "BASE_TYPE_MAX_LENGTH", f"Must be {CONTENT} or fewer in length."))
    texts = [text for embed in body.get("embeds") or [] for text in embed_texts(embed)]
    if sum(map(length, texts)) > EMBEDS_TOGETHER:
        words = f"Embed size exceeds maximum size of {EMBEDS_TOGETHER}"
        found.append((["embeds"], "MAX_EMBED_SIZE_EXCEEDED", words))
    found += v2_mistakes(body, components) if is_v2 else legacy_mistakes(components)
    found += component_mistakes(components)
    found += attachment_mistakes(body, files)
    if isinstance(nonce := body.get("nonce"), str) and length(nonce) > NONCE:
        found.append((["nonce"], "NONCE_TYPE_TOO_LONG", f"Nonce must be {NONCE} or fewer in length."))
    refuse(found)
    if says_nothing(body, files, before):
        raise bad(50006)


def says_nothing(body: Json, files: int, before: Message | None) -> bool:
    """Whether there would be nothing to see."""
    if before is None:
        seen = [(body.get("content") or "").strip(), files]
        return not any(
            [
                *seen,
                *(body.get(key) for key in ("embeds", "components", "poll", "sticker_ids", "attachments")),
            ]
        )
    return not any(
        [
            (body.get("content", before.content) or "").strip(),
            body.get("embeds", before.embeds),
            body.get("components", before.components),
            body.get("attachments", before.attachments),
            files,
            before.poll,
        ]
    )


def v2_mistakes(body: Json, components: list[Json]) -> Iterator[Mistake]:
    for key in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(key):
            words = "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
            yield [key], code, words.replace("content", key)
    everything = list(every_component(components))
    if len(everything) > COMPONENTS_V2:
        words = f"The total number of components cannot exceed {COMPONENTS_V2}"
        yield ["components"], "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", words
    if sum(length(part["content"]) for part in everything if part["type"] == 10) > TEXT_V2:
        words = f"The total text of components cannot exceed {TEXT_V2} characters"
        yield ["components"], "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", words


def legacy_mistakes(components: list[Json]) -> Iterator[Mistake]:
    for index, part in enumerate(components):
        if part["type"] in ONLY_V2:
            words = f"{ONLY_V2[part['type']]} needs MessageFlags.IS_COMPONENTS_V2"
            yield ["components", index, "type"], "UNION_TYPE_CHOICES", words
    if len(components) > ROWS:
        yield ["components"], "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {ROWS} in length."


def component_mistakes(components: list[Json]) -> Iterator[Mistake]:
    """The rules for components that hold in messages old and new, and in modals."""
    everything = list(every_component(components))
    ids = Counter(part["custom_id"] for part in everything if "custom_id" in part)
    if twice := [custom_id for custom_id, count in ids.items() if count > 1]:
        words = f"Component custom id cannot be duplicated: {twice[0]}"
        yield ["components"], "COMPONENT_CUSTOM_ID_DUPLICATED", words
    numbers = Counter(part["id"] for part in everything if part.get("id"))
    if any(count > 1 for count in numbers.values()):
        yield ["components"], "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated"
    for part in everything:
        if part["type"] == 1:
            yield from row_mistakes(part)
        elif part["type"] == 2:
            yield from button_mistakes(part)
        elif part["type"] in SELECTS:
            yield from select_mistakes(part)


def row_mistakes(row: Json) -> Iterator[Mistake]:
    kinds = [part["type"] for part in row["components"]]
    if any(kind in SELECTS for kind in kinds) and len(kinds) > 1:
        words = "The specified component exceeds the maximum width"
        yield ["components"], "COMPONENT_LAYOUT_WIDTH_EXCEEDED", words


def button_mistakes(button: Json) -> Iterator[Mistake]:
    style = button.get("style")
    if style == 5 and ("custom_id" in button or not button.get("url")):
        yield ["components"], "BUTTON_COMPONENT_INVALID_URL", "A link button has a url and no custom id"
    if style in (1, 2, 3, 4) and (not button.get("custom_id") or button.get("url")):
        words = "A custom id is required, and a url is not allowed"
        yield ["components"], "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", words
    if style != 6 and not button.get("label") and not button.get("emoji"):
        yield ["components"], "BUTTON_COMPONENT_INVALID_LABEL", "A button must have a label or an emoji"


def select_mistakes(select: Json) -> Iterator[Mistake]:
    least, most = select.get("min_values"), select.get("max_values")
    least, most = 1 if least is None else least, 1 if most is None else most
    if least > most:
        yield ["components"], "SELECT_COMPONENT_MIN_VALUES", "min_values is more than max_values"
    options = select.get("options") or []
    if select["type"] == 3 and most > len(options):
        words = "max_values is more than there are options"
        yield ["components"], "SELECT_COMPONENT_MAX_VALUES", words
    values = Counter(option["value"] for option in options)
    if any(count > 1 for count in values.values()):
        words = "The specified option value is already used"
        yield ["components"], "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", words
    if sum(bool(option.get("default")) for option in options) > most:
        words = "More options are chosen from the start than may be"
        yield ["components"], "SELECT_COMPONENT_DEFAULTS", words


def attachment_mistakes(body: Json, files: int) -> Iterator[Mistake]:
    if files > 10:
        yield ["files"], "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length."
    names = {each.get("filename") for each in body.get("attachments") or []}
    for part in every_component(body.get("components") or []):
        for url in [(part.get("file") or {}).get("url", ""), (part.get("media") or {}).get("url", "")]:
            if url.startswith("attachment://") and url.removeprefix("attachment://") not in names:
                yield ["components"], "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", f"no such {url}"


# -- modals and choices ----------------------------------------------------------------------------------


def check_modal(data: Json) -> None:
    components = data.get("components") or []
    found: list[Mistake] = []
    if not 1 <= len(components) <= MODAL_ROWS:
        found.append((["data", "components"], "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MODAL_ROWS}."))
    if any(part["type"] == 2 for part in every_component(components)):
        found.append((["data", "components"], "UNION_TYPE_CHOICES", "A modal has no buttons"))
    found += [(["data", *path], code, words) for path, code, words in component_mistakes(components)]
    refuse(found)


def check_choices(choices: list[Json]) -> None:
    refuse(
        (["data", "choices", index, "value"], "BASE_TYPE_MAX_LENGTH", f"Must be {CHOICE_VALUE} or fewer.")
        for index, choice in enumerate(choices)
        if isinstance(choice["value"], str) and length(choice["value"]) > CHOICE_VALUE
    )


# -- commands --------------------------------------------------------------------------------------------


def check_commands(commands: list[Json]) -> None:
    """The rules by hand for a bulk overwrite of commands."""
    kinds = Counter(command.get("type") or 1 for command in commands)
    found: list[Mistake] = [
        ([], "APPLICATION_COMMANDS_LIMIT_REACHED", f"No more than {COMMANDS[kind]} commands of type {kind}")
        for kind, count in kinds.items()
        if count > COMMANDS.get(kind, 1)
    ]
    names = Counter((command.get("type") or 1, command["name"]) for command in commands)
    for index, command in enumerate(commands):
        if names[command.get("type") or 1, command["name"]] > 1:
            words = "Application command names must be unique"
            found.append(([index, "name"], "APPLICATION_COMMANDS_DUPLICATE_NAME", words))
        found += [([index, *path], code, words) for path, code, words in command_mistakes(command)]
    refuse(found)


def command_mistakes(command: Json) -> Iterator[Mistake]:
    if (command.get("type") or 1) != 1:
        if command.get("description") or command.get("options"):
            yield (
                [],
                "APPLICATION_COMMAND_CONTEXT_MENU",
                "A context menu command has no description or options",
            )
        return
    if not command.get("description"):
        yield ["description"], "BASE_TYPE_REQUIRED", "This field is required"
    for name in [command["name"], *(command.get("name_localizations") or {}).values()]:
        if not named_well(name):
            words = "Command name is invalid: lower-case letters, digits, - and _"
            yield ["name"], "APPLICATION_COMMAND_INVALID_NAME", words
    yield from option_mistakes(command.get("options") or [], 0)
    if (size := command_text(command)) > COMMAND_TEXT:
        words = f"Command exceeds maximum size ({COMMAND_TEXT}): {size}"
        yield [], "APPLICATION_COMMAND_TOO_LARGE", words


def named_well(name: str) -> bool:
    """Whether a slash command or an option may be called so."""
    marks = "".join(char for char in name if not unicodedata.category(char).startswith("M"))
    return bool(COMMAND_NAME.fullmatch(marks)) and name == name.lower()


def option_mistakes(options: list[Json], depth: int) -> Iterator[Mistake]:
    optional = False
    names = Counter(option["name"] for option in options)
    for index, option in enumerate(options):
        path: Path = ["options", index]
        if not named_well(option["name"]):
            yield [*path, "name"], "APPLICATION_COMMAND_INVALID_NAME", "Option name is invalid"
        if names[option["name"]] > 1:
            words = "Option names must be unique"
            yield [*path, "name"], "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", words
        nested = option["type"] in (SUBCOMMAND, GROUP)
        if nested:
            if depth + (option["type"] == SUBCOMMAND) > 2 or (option["type"] == GROUP and depth):
                yield [*path, "type"], "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Nested too deep"
            inner = option_mistakes(option.get("options") or [], depth + 1)
            yield from (([*path, *below], code, words) for below, code, words in inner)
            continue
        if option.get("required") and optional:
            words = "Required options must be placed before non-required options"
            yield path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words
        optional |= not option.get("required")
        yield from ((path + below, code, words) for below, code, words in choice_mistakes(option))
    if 0 < sum(option["type"] in (SUBCOMMAND, GROUP) for option in options) < len(options):
        words = "Sub-commands and other options cannot be mixed"
        yield ["options"], "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words


def choice_mistakes(option: Json) -> Iterator[Mistake]:
    choices = option.get("choices") or []
    if choices and option.get("autocomplete"):
        words = "choices cannot be used with autocomplete"
        yield ["autocomplete"], "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", words
    for index, choice in enumerate(choices):
        if isinstance(choice["value"], str) and length(choice["value"]) > CHOICE_VALUE:
            words = f"Must be {CHOICE_VALUE} or fewer in length."
            yield ["choices", index, "value"], "BASE_TYPE_MAX_LENGTH", words
    if len({choice["name"] for choice in choices}) < len(choices):
        words = "Choice names must be unique"
        yield ["choices"], "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_EXISTS", words


def command_text(part: Json) -> int:
    """All the names, descriptions and values in a command, each in its longest language."""
    size = 0
    for key in ("name", "description"):
        texts = [part.get(key) or "", *(part.get(f"{key}_localizations") or {}).values()]
        size += max(map(length, texts))
    if isinstance(part.get("value"), str):
        size += length(part["value"])
    inner = [*(part.get("options") or []), *(part.get("choices") or [])]
    return size + sum(map(command_text, inner))
