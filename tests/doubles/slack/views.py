"""Views: forms that stand one on the other for one person, and App Homes."""

from __future__ import annotations

from typing import Any

from . import fields, payloads, rules
from .reading import Json, elements
from .refusals import Refused
from .state import State, User, View, complete
from .world import Trigger, World


def stack(state: State, user: User) -> list[View]:
    """The forms that somebody has open, the uppermost last."""
    return state.stacks.setdefault(user.id, [])


def new_hash(state: State) -> str:
    return f"{int(state.now())}.{state.ids.hexadecimal(8)}"


def checked(view: Any, kind: str) -> Json:
    """A view as the app gave it, if it is one of that kind."""
    rules.check_view(view)
    found: Json = view
    if found["type"] != kind:
        raise Refused("invalid_arguments", [f"[ERROR] must be a {kind} [json-pointer:/view/type]"])
    return found


def use(world: World, trigger_id: Any) -> Trigger:
    """The trigger that an app may use now, for this one time."""
    trigger = world.triggers.get(str(trigger_id))
    if trigger is None:
        raise Refused("invalid_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    if world.now - trigger.at > world.trigger_age:
        raise Refused("expired_trigger_id")
    return trigger


def make(world: World, user: User, given: Json) -> View:
    """A view that is not shown yet."""
    state = world.state
    external = given.get("external_id")
    if external and any(each.open and each.external_id == external for each in state.views.values()):
        raise Refused("duplicate_external_id")
    blocks = complete(state.ids, given["blocks"])
    made = View(blocks, state.ids.next("V"), given["type"], user, given, new_hash(state))
    fields.begin(made)
    return made


def open_root(world: World, user: User, given: Json) -> View:
    """Shows a form; what was open before it goes."""
    made = make(world, user, given)
    for each in stack(world.state, user):
        each.open = False
    made.root = made.id
    world.state.stacks[user.id] = [made]
    world.state.views[made.id] = made
    return made


def push(world: World, user: User, given: Json) -> View:
    """Shows a form on the uppermost one."""
    open_ = stack(world.state, user)
    if not open_:
        raise Refused("not_found")
    if len(open_) >= world.stack:
        raise Refused("push_limit_reached")
    made = make(world, user, given)
    made.root, made.previous = open_[0].id, open_[-1]
    open_.append(made)
    world.state.views[made.id] = made
    return made


def update(world: World, view: View, given: Json) -> View:
    """Puts other blocks into a view; what was filled in stays where the blocks and elements keep their ids."""
    view.given = given
    view.blocks = complete(world.state.ids, given["blocks"])
    view.hash = new_hash(world.state)
    view.revision += 1
    view.errors = {}
    there = {(block["block_id"], part["action_id"]) for block, part in elements(view.blocks)}
    kept = {place: chosen for place, chosen in view.chosen.items() if place in there}
    view.chosen = {}
    fields.begin(view)
    view.chosen |= kept
    world.signal()
    return view


def close(world: World, view: View, all_: bool = False) -> list[View]:
    """Closes a form with all that stands on it, or all of somebody's; what was closed."""
    open_ = stack(world.state, view.user)
    at = 0 if all_ else open_.index(view)
    closed = open_[at:]
    del open_[at:]
    for each in closed:
        each.open = False
    world.signal()
    return closed


def publish(world: World, user: User, given: Json, expected: str | None) -> View:
    """Puts the App Home of somebody into place."""
    old = world.state.homes.get(user.id)
    if expected and old is not None and old.hash != expected:
        raise Refused("hash_conflict")
    if old is not None:
        return update(world, old, given)
    made = make(world, user, given)
    made.root = made.id
    world.state.homes[user.id] = world.state.views[made.id] = made
    world.signal()
    return made


def found(world: World, args: Json) -> View:
    """The view that views.update means, if it is still open."""
    state = world.state
    if args.get("external_id"):
        named = [
            each for each in state.views.values() if each.external_id == args["external_id"] and each.open
        ]
        view = named[-1] if named else None
    else:
        view = state.views.get(str(args.get("view_id") or ""))
    if view is None or not view.open:
        raise Refused("not_found")
    if args.get("hash") and args["hash"] != view.hash:
        raise Refused("hash_conflict")
    return view


def written(world: World, view: View) -> Json:
    return payloads.view(view, world.state)
