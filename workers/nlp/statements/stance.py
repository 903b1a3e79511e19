"""Stance by cue and sense: features of a small linear model."""

from itertools import pairwise

from workers.nlp.statements.features import bucket
from workers.nlp.statements.reader import Speech
from workers.nlp.statements.reading import Reading

_WORDS = 60  # content tokens that are looked at


def stance_features(reading: Reading, speech: Speech) -> list[str]:
    """What the cue and the first words of the content say."""
    keys, cue, candidate = reading.keys, speech.candidate.cue, speech.candidate
    features = [
        "b",
        f"id={cue.id}",
        f"lex={cue.stance}",
        f"frame={candidate.frame}",
        f"id,frame={cue.id},{candidate.frame}",
    ]
    body = [k for a, b in speech.spans for k in keys[a:b]][:_WORDS]
    features += [f"w={key}" for key in sorted(set(body))]
    for one, two in sorted(set(pairwise(body))):
        if one in _KEY or two in _KEY:
            features.append(f"w2={one}_{two}")
    final = next((k for k in reversed(body) if k[0].isalnum()), "")
    features.append(f"final={final}")
    features.append(f"len={bucket(len(body))}")
    features.append(f"first={body[0] if body else ''}")
    return features


_KEY = frozenset(("باید", "نباید", "نیست", "امیدواریم", "انتظار", "لازم", "ضروری", "خواهیم", "نداریم", "است"))
