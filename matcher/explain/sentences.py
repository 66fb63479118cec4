"""The sentences of reasons, relaxations and warnings: fixed patterns, so that a report can translate them."""

from __future__ import annotations

WHY = {
    # Personal and certain: no plan could seat this person.
    "no_meeting": "Asked for no meeting.",
    "no_session": "Can come to none of the sessions.",
    "access": "No session at a possible time offers what is needed: {needs}.",
    "mode": "No session at a possible time is held as needed: {needs}.",
    "locked": "A decision by hand keeps this person out of every possible session.",
    "fit": "A firm rule keeps this person out of every possible session.",
    "session_language": "No session at a possible time is in a language of theirs: {languages}.",
    "no_facilitator": "Every group needs a facilitator, and there is none.",
    "skills": "No facilitator has what is asked: {skills}.",
    "facilitator_time": "No facilitator can come at a possible time.",
    "facilitator_language": "No facilitator at a possible time speaks a language of theirs: {languages}.",
    "chain": "{n} buddies want to sit together, and a group has at most {most}.",
    "buddies_session": "No session suits this person and all buddies.",
    "buddies_language": "No language is spoken by this person and all buddies, and in a possible session.",
    "buddies_apart": "Among this person and the buddies are people who may not sit together.",
    "buddies_rule": "A firm rule forbids that this person and the buddies sit together.",
    "buddy": "A buddy cannot be placed.",
    "room": "A group at a possible time has room for {n}, and needs at least {low}.",
    "size": "A group needs at least {low} people, and at most {n} could be in one at a possible time.",
    "speakers": "A group needs at least {low} people, and at most {n} of the same language could be in one.",
    "alone": "Nobody who could be in the same group shares a bubble of this person on {dimension}.",
    "share": "Too many of those who could be in the same group share a bubble on {dimension}.",
    "alike": "Those who could be in the same group differ too little on {dimension}.",
    "unlike": "Those who could be in the same group are not as the population is on {dimension}.",
    "rule": "A firm rule allows no group with those who could come.",
    # Collective: there is no room.
    "full": "All groups at possible times are full (could come: {people}, seats: {seats}){fate}.",
    "wide": "No group at a possible time has {n} seats free for this person and the buddies{fate}.",
    "chairs": "All seats at possible times are taken (could come: {people}, seats: {seats}){fate}.",
    "leaders": "Too few facilitators at possible times (could come: {people}, seats: {seats}){fate}.",
    "few": "One more group needs at least {low} people, and {n} without a seat could come.",
    "together": "The search found no new group of those without a seat that keeps all firm rules.",
    # Individual: the groups with a free seat, and what forbids to join them.
    "in_alone": "Would be the only one of a bubble on {dimension} in {k} of {n} groups with a free seat{fate}.",
    "in_share": "Would make a bubble on {dimension} too big in {k} of {n} groups with a free seat{fate}.",
    "in_unlike": "Would make {dimension} unlike the population in {k} of {n} groups with a free seat{fate}.",
    "in_outspoken": "Would be one outspoken person too many in {k} of {n} groups with a free seat{fate}.",
    "in_household": "Would join somebody of the same household in {k} of {n} groups with a free seat{fate}.",
    "in_recruiter": "Would join somebody of the same key contact in {k} of {n} groups with a free seat{fate}.",
    "in_organisation": "Would join somebody of the same organisation in {k} of {n} groups with a free seat{fate}.",
    "in_apart": "Would join somebody to be kept apart in {k} of {n} groups with a free seat{fate}.",
    "in_met": "Would join somebody met before in {k} of {n} groups with a free seat{fate}.",
    "in_language": "Shares no language with everybody in {k} of {n} groups with a free seat{fate}.",
    "in_rule": "A firm rule forbids to join {k} of {n} groups with a free seat{fate}.",
    "free": "A seat in {session} is free, and no rule stands in the way: the search stopped early.",
}

LOT = "; the lot decided, so this person goes first next time"
PRIORITY = "; people with priority went first"
FATES = ("", LOT, PRIORITY)

HELP = {
    "ask": "Ask this person how often would suit.",
    "session": "A session at a time that suits this person.",
    "place": "A session at a possible time with: {needs}.",
    "unlock": "Taking back that decision.",
    "language": "A session or an interpreter for: {languages}.",
    "skills": "A facilitator with: {skills}.",
    "facilitator": "One more facilitator in {session}.",
    "facilitator_language": "One more facilitator in {session} who speaks {language}.",
    "fewer": "Fewer buddies together.",
    "apart": "Ask whether the buddies may sit in different groups.",
    "people": "More people in {session}: {n}.",
    "speakers": "More people or an interpreter for: {languages}.",
    "mates": "One more person of the same bubble on {dimension}.",
    "others": "More people of other bubbles on {dimension}.",
    "search": "More time to search.",
    "none": "Ask this person for more possible times.",
}
"""Beside these, help may be any change."""

CHANGE = {
    "rule": "{rule} as a wish instead of firm",
    "locked": "Taking back what was locked by hand",
    "orientation": "Ending the orientation",
    "size": "Groups of at least {n} instead of {m}",
    "group": "One more group in {session}",
    "table": "One more group with a facilitator in {session}",
    "table_language": "One more group with a facilitator in {session} who speaks {language}",
    "leader": "One more facilitator in {session}",
    "leader_language": "One more facilitator in {session} who speaks {language}",
    "seats": "Seats for {n} more in {session}",
    "interpreter": "An interpreter for {language}",
}

RELAX = {
    "more": "{change} would place {n} more.",
    "search": "More time to search would place {n} more.",
    "nothing": "No single change of a rule, a group or a facilitator would place more people.",
}

WARNING = {
    "new_or_alone": "{dimension}: {n} people are '{bubble}'; in {rounds} rounds they cannot be never alone "
    "and always with new people, at most in {most}: choose which of the two may give way.",
    "no_weight": "No dimension has a weight: the groups are not mixed on purpose.",
    "one_bubble": "{dimension}: everybody gives the same answer, so it says nothing.",
    "all_bubbles": "{dimension}: everybody gives a different answer, so it says nothing.",
    "no_seats": "No group can open in {sessions}: there is no room for {low} people.",
    "no_people": "No group can open in {sessions}: fewer than {low} people could come.",
    "different": "{rule}: a group needs {k} different bubbles, of {n} in all.",
    "silent": "People who told nothing on any dimension, and so count as average: {n}.",
    "cap": "{rule}: no group of {low} to {high} people can keep it.",
    "clash": "{rule} and {other}: no group of {low} to {high} people with '{bubble}' can keep both.",
    "no_facilitator": "Every group needs a facilitator, and none is given.",
    "skills": "No facilitator has what is asked: {skills}.",
    "population": "{rule}: there are no population figures, so it says nothing.",
}
