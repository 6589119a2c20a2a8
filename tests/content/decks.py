"""A small deck for tests: four cards a side on free buses, with an essay of its own and nothing to mend."""

# ruff: noqa: E501 (an essay's paragraph is one line)

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from content.deck import Deck
from content.essay import Essay
from content.strict_yaml import parse_yaml

ESSAY = """\
Ride for Nothing
Our town should let everybody ride its buses without a ticket. Half the seats are empty as it is, and an empty seat costs as much to move as a full one.
Money
Fares pay less than a fifth of what the buses cost, and collecting them eats part of that. A driver who sells tickets is a driver who stands still at every stop.
Those who count every coin walk in the rain today. For them a free bus is the difference between taking a job across town and staying at home.
Doubts
Free rides would of course have to be paid by somebody, and the council has cut the library already. Some who now walk or cycle would climb aboard, and that helps nobody's health.
The road
Where the bus is free, some drivers leave the car at home, though not as many as one hopes. What people who drive want most, they say, is a bus that comes often.
"""

DECK = """\
id: free-buses
title: Free buses
motion: Our town should make its buses free
background: The town runs twelve bus lines and sells tickets on board.
as_of: The essay is undated and speaks of one small town; it knows nothing of what came later.
essay:
  file: free-buses.txt
  glosses:
    "count every coin": have little money
sides:
  for: free buses serve the town better than fares
  against: the town is better served by buses that one pays for
clashes:
  money: Can the town afford it?
  people: Who gains from a free bus?
facts:
  tallinn:
    text: Tallinn made public transport free for its residents in 2013.
    date: "2013-01-01"
    source: City of Tallinn
cards:
  - id: f01
    tag: An empty seat costs as much to move as a full one.
    warrant: The bus drives its route anyway, so another passenger adds almost nothing to the bill.
    impact: The town can give the ride away without buying a single extra litre of fuel.
    scheme: cause_to_effect
    strength: 3
    strength_reason: The cost of a half-empty bus is plain, as long as it does not fill up.
    clash: money
    lines: [2]
    quotes:
      - {line: 2, text: "an empty seat costs as much to move as a full one"}
    phrasings:
      - the bus runs anyway, so who cares if i hop on
      - Marginal cost per additional traveller approaches zero on any scheduled service.
      - Half of them drive round empty! Fill those seats and nobody spends a penny more.
      - My uncle drives line 4, he says after nine he carries mostly air.
      - diesel's burnt either way lol
      - When vehicle is going already, one more person it does not make it expensive.
    questions:
      - What happens to the empty seat argument at eight in the morning?
      - Who pays when passengers fill the bus and a second one is needed?
  - id: f02
    tag: Fares bring in little and slow every bus down.
    warrant: Selling tickets takes time at each stop, and collecting the money eats part of it.
    impact: Without fares the same buses and drivers would make more trips a day.
    scheme: practical_reasoning
    strength: 2
    strength_reason: The essay gives the share of fares, yet a fifth of the cost is still a lot of money.
    clash: money
    lines: [4]
    quotes:
      - {line: 4, text: "A driver who sells tickets is a driver who stands still at every stop."}
    phrasings:
      - scrap tickets, the queue at the door vanishes
      - Fare collection absorbs a considerable part of the revenue that it produces.
      - Ever stood behind somebody hunting for change while twenty riders wait? That is what charging costs.
      - its under a fifth of the budget man, hardly worth the machines
      - For me the driver must drive and not be a cashier.
      - No payment, quicker boarding, better timetable. Simple as that.
    questions:
      - Would tickets bought by telephone not save the time at each stop as well?
      - Where would the fifth that fares bring in come from instead?
  - id: f03
    tag: A free bus lets poor people reach work across town.
    warrant: A daily fare takes a real part of a small wage, so the essay says they walk or stay at home.
    impact: Work within reach is worth more to a family than any allowance.
    scheme: consequences
    strength: 2
    strength_reason: It is likely for the poorest, but the essay names no number of them.
    clash: people
    lines: [5]
    quotes:
      - {line: 5, text: "Those who count every coin walk in the rain today."}
    phrasings:
      - poor folk could finally get to their jobs
      - Transport poverty excludes low earners from the labour market.
      - My mum turned down a shift at the hospital since two tickets a day ate an hour's pay.
      - u try walking 6 miles in rain for minimum wage smh
      - If salary is small, then bus is luxury, and this is not fair.
      - "Think of single parents in the estate: nursery, then warehouse, then home, every trip charged."
    questions:
      - How many poor people stay at home because of the fare rather than the timetable?
      - Would a pass for small wages not reach the same family?
  - id: f04
    tag: Free buses get some cars off the road.
    warrant: A ride that costs nothing beats fuel and parking for at least some drivers.
    impact: Fewer cars mean less noise and safer streets for everybody in town.
    scheme: precedent
    strength: 1
    strength_reason: The essay itself says that fewer drivers change than one hopes.
    clash: people
    lines: [9]
    quotes:
      - {line: 9, text: "Where the bus is free, some drivers leave the car at home"}
    facts: [tallinn]
    phrasings:
      - less traffic, cleaner air, done
      - Abolishing charges shifts a share of motorists towards public transport.
      - i'd ditch my car tomorrow if the ride was free ngl
      - Parking in the centre is four pounds an hour. Compare that with nothing at all!
      - In Tallinn the people go free since years and streets are more quiet.
      - Even one driver in twenty giving up would unclog the bridge at rush hour.
    questions:
      - Did the streets of Tallinn really lose cars, or did walkers change over?
      - Why would a driver who can pay for parking be moved by a small fare?
  - id: a01
    tag: Somebody pays for a free bus, and the council has cut the library already.
    warrant: The lost fares must come out of taxes or out of other services that the town needs.
    impact: A gift that closes the library leaves the town poorer than a ticket did.
    scheme: alternatives
    strength: 3
    strength_reason: The money has to come from somewhere, and the essay grants it.
    clash: money
    lines: [7]
    quotes:
      - {line: 7, text: "the council has cut the library already"}
    phrasings:
      - nothing is free, taxpayers foot it
      - The revenue forgone would have to be recovered by cuts elsewhere.
      - They shut our library two afternoons a week and now they want to give rides away?
      - so council tax goes up again, brilliant
      - I think money is not growing on trees, other service will suffer.
      - Ask the care homes what they would do with that sum before handing it to commuters.
    questions:
      - Which service would the council cut to replace fares that cover under a fifth?
      - Is a library that few visit worth more to the town than a bus that many ride?
  - id: a02
    tag: Fares make a town care about how good its buses are.
    warrant: Every lost passenger costs a fare, so a bad line shows up in the accounts at once.
    impact: Take the fare away and nobody in the town hall notices when riders give up.
    scheme: sign
    strength: 1
    strength_reason: Fares do send a signal, though counting passengers would send it too.
    clash: money
    lines: [4, 7]
    phrasings:
      - paying customers get listened to
      - Ticket income is an honest measure of whether a route deserves to exist.
      - When my gym was free it was filthy. Now I pay and they actually mop.
      - freebies always end up rubbish, seen it a hundred times
      - What costs nothing, about this nobody takes care, it is same everywhere.
      - Managers chase revenue; remove it and they stop asking why line 7 is always late.
    questions:
      - Could counting passengers not tell the town hall the same as the accounts?
      - Which bad line has ever been mended because its fares fell?
  - id: a03
    tag: Many new riders would be people who walk or cycle now.
    warrant: A free ride tempts first those who make short trips, and these cost no fuel today.
    impact: The town would pay to make healthy people sit down.
    scheme: consequences
    strength: 2
    strength_reason: The essay admits it, but gives no share of walkers among the riders.
    clash: people
    lines: [7]
    quotes:
      - {line: 7, text: "Some who now walk or cycle would climb aboard"}
    phrasings:
      - kids will just ride two stops instead of walking
      - Substitution from active travel undermines the benefit to public health.
      - Honestly I'd get lazy. My bike would rust in the shed by March.
      - ppl gonna hop on for 300m lol, legs exist
      - The students who go by foot, they will sit in bus and become fat.
      - Swapping pedestrians for passengers is no gain for the climate whatsoever.
    questions:
      - What share of the new riders would walk or cycle today?
      - Does a short ride on a rainy day really make healthy people ill?
  - id: a04
    tag: Drivers want a bus that comes often rather than one that is free.
    warrant: Waiting costs a driver more than the ticket does, so money spent on more trips moves more of them.
    impact: The same sum spent on frequency would do more for the streets of the town.
    scheme: alternatives
    strength: 2
    strength_reason: The essay reports what drivers say, and what people say is not what they do.
    clash: people
    lines: [9]
    quotes:
      - {line: 9, text: "What people who drive want most, they say, is a bus that comes often."}
    phrasings:
      - frequency beats price, every time
      - Service quality elasticities exceed those of the tariff among car owners.
      - I have a car because the 12 comes once an hour. Make it ten minutes and we'll talk.
      - no one's waiting 40 mins in the cold cos its gratis
      - More important for people is to not wait so long at the stop.
      - Spend whatever you have on extra departures after dark; cashiers were never the obstacle.
    questions:
      - Can drivers know that they would take a bus that comes often, if none ever did?
      - Why must the town choose between frequency and a free ticket?
counterpoints:
  - {on: f01, by: a01, move: mitigate, say: "Moving one more passenger is cheap, but the lost fares are real money. The council that cut the library would feel every pound."}
  - {on: f01, by: a03, move: undercut, say: "Filling empty seats proves little if those who sit down used to walk. A full bus is no success by itself."}
  - {on: f01, by: a04, move: deny, say: "Seats are empty at noon and packed at eight. Then another bus must be bought, and drivers still will not wait for it."}
  - {on: f02, by: a02, move: turn, turns: impact, say: "That little income is what makes the town hall notice a bad line. Lose it and the service rots quietly."}
  - {on: f02, by: a01, move: outweigh, say: "Even a small share of the budget decides whether the library opens. Saved minutes at the stop weigh less than that."}
  - {on: f02, by: a04, move: mitigate, say: "A card reader saves those minutes too. What riders wait for is the next departure, not the person with the coins."}
  - {on: f03, by: a01, move: undercut, say: "Helping the poor does not require free rides for the rich. A pass for low wages costs a tenth and spares the library."}
  - {on: f03, by: a04, move: mitigate, say: "A late shift ends when the last bus has left. Trips that run often and late would open more jobs than a lower price."}
  - {on: f03, by: a03, move: deny, say: "Look at who gets on: mostly people who lived near enough to go on foot. The far estate gains few new riders."}
  - {on: f04, by: a04, move: deny, say: "Motorists stay in their cars because waiting is worse than paying. They tell us so whenever anybody asks."}
  - {on: f04, by: a03, move: turn, turns: link, say: "Free rides pull in cyclists before motorists. You would empty the cycle lane and leave the traffic jam as it was."}
  - {on: f04, by: a02, move: outweigh, say: "A handful of parked cars is a small prize. A network that nobody has to keep good is a lasting loss."}
  - {on: a01, by: f02, move: mitigate, say: "Fares cover less than a fifth, and part of that goes on collecting them. The hole in the budget is far smaller than it looks."}
  - {on: a01, by: f03, move: outweigh, say: "A parent who can take a job pays taxes and needs less help. That counts for more than a few opening hours."}
  - {on: a01, by: f01, move: deny, say: "The buses run already and their seats stand empty. Letting somebody sit there sends no new bill to the council."}
  - {on: a02, by: f02, move: undercut, say: "A line can be counted without being sold. Sensors at the door show lost riders sooner than a cash box does."}
  - {on: a02, by: f01, move: mitigate, say: "Fares have been charged for decades and half the seats are empty all the same. As an alarm they ring rather softly."}
  - {on: a02, by: f04, move: turn, turns: link, say: "Once everybody rides, everybody complains to the councillor. Wide use guards quality better than a few paying captives."}
  - {on: a03, by: f03, move: outweigh, say: "Some walkers may sit down. Against that stands the cleaner who at last gets across town dry and on time."}
  - {on: a03, by: f04, move: mitigate, say: "Walkers board, and drivers board as well. Each car left at home does more good than a short stroll lost does harm."}
  - {on: a03, by: f01, move: undercut, say: "Who the new passenger was before hardly matters when the seat was empty. The trip costs the town nothing extra."}
  - {on: a04, by: f02, move: turn, turns: link, say: "Selling tickets is what keeps the bus standing. Stop it and the same fleet comes round more often."}
  - {on: a04, by: f03, move: outweigh, say: "Drivers have a choice already. The people without a car come first, and for them the price is the wall."}
  - {on: a04, by: f04, move: deny, say: "Some drivers do leave the car when the ride is free; the essay says so. What they ask for and what they do differ."}
tensions:
  - {cards: [f01, f04], why: Seats cannot stay empty and also take up the drivers who leave their cars.}
  - {cards: [a01, a04], why: A town without money for fares has none for more trips either.}
"""


def tiny_data() -> dict[str, Any]:
    """The deck as its YAML file holds it, fresh at every call."""
    data = parse_yaml(DECK, Path("free-buses.yaml")).value
    assert isinstance(data, dict)
    return data


@cache
def tiny_deck() -> Deck:
    """The deck, loaded."""
    return Deck.model_validate({**tiny_data(), "text": Essay.from_text(ESSAY)})


def write_tiny(folder: Path, deck: str = DECK, name: str = "free-buses.yaml") -> Path:
    """Puts ``deck`` and the essay into ``folder``; the path of the deck."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "free-buses.txt").write_text(ESSAY, encoding="utf-8")
    path = folder / name
    path.write_text(deck, encoding="utf-8")
    return path
