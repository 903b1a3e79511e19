"""Learns the sections of the spacing lexicon from the counts."""

from workers.nlp.knowledge.spacing import ZWNJ
from workers.training.spacing.compounds import ambiguous_plurals, attributes, compounds, spaced_tails
from workers.training.spacing.counts import Counts
from workers.training.spacing.evidence import Evidence, Published
from workers.training.spacing.glued import firsts, neighbours, seconds, words_and_splits
from workers.training.spacing.optional import optional_compounds
from workers.training.spacing.word_kinds import FUNCTION, NO_GLUED_HEAD, NUMBERS, PARTED

_COMMON = 100


def learn(counts: Counts, published: Published) -> dict[str, list[str]]:
    """The sections of the lexicon."""
    facts = Evidence(counts, published)
    by_letters, by_parts, rivals = compounds(facts)
    ambiguous_plurals(facts, by_letters, rivals)
    words, splits = words_and_splits(facts, by_letters)
    words.difference_update(PARTED)
    for letters, compound in by_letters.items():
        if letters in words and facts.counts.words[letters] <= facts.counts.careful_words[compound]:
            words.discard(letters)
    common = {w for w in words if facts.counts.words[w] >= _COMMON}
    splits |= neighbours(facts, words, common, by_letters, splits) | PARTED
    adjectives = {
        w
        for w in words
        if len(w) > 2
        and facts.published.hazm.get(w, (0, ()))[0] > 1000
        and "AJ" in facts.published.hazm[w][1]
    }
    optional = optional_compounds(facts, words, by_letters)
    spelled = set(by_letters.values())
    return {
        "words": sorted(words),
        "common": sorted(common),
        "adjectives": sorted(adjectives),
        "compounds": [
            f"{(c in spelled) + 2 * (c in by_parts) + 4 * (c in optional)}{c.replace(ZWNJ, '_')}"
            for c in sorted(spelled | by_parts)
        ],
        "splits": sorted(set(splits.values())),
        "firsts": sorted(firsts(facts, common)),
        "seconds": sorted(seconds(facts, common)),
        "past": sorted(facts.published.past),
        "present": sorted(facts.published.present),
        "heads": ["بی"],
        "tails": sorted(spaced_tails(facts)),
        "glued_heads": sorted(
            {h for h, (share, n) in facts.heads.items() if share >= 0.3 and n >= 15 and len(h) > 1}
            - NO_GLUED_HEAD
            - FUNCTION
            - NUMBERS
        ),
        "glued_tails": sorted(facts.glued_tails),
        "attributes": sorted(attributes(facts, by_parts)),
        "names": sorted(facts.names),
    }
