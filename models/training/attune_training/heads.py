"""What the classifier answers: heads, their labels, and where they lie in the `logits` output. Design section 6 and 8."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Head:
    """One head. `softmax` heads share one unit of probability; `sigmoid` heads have one logit, higher = more."""

    name: str
    labels: tuple[str, ...]
    activation: str

    @property
    def width(self) -> int:
        return len(self.labels)


HEADS = (
    Head("generalisation", ("asserted", "mention", "group", "none"), "softmax"),
    Head("address", ("informal", "formal", "none"), "softmax"),
    Head("honorific_ja", ("level1", "level2", "level3", "level4"), "softmax"),
    Head("honorific_ko", ("plain", "polite", "formal"), "softmax"),
    Head("formality", ("formality",), "sigmoid"),
    Head("praise", ("praise",), "sigmoid"),
    Head("politeness", ("politeness",), "sigmoid"),
)
TAGS = ("O", "address-informal", "address-formal", "group", "attribute")
WIDTH = sum(head.width for head in HEADS)
OFFSETS = {}
_at = 0
for _head in HEADS:
    OFFSETS[_head.name] = (_at, _at + _head.width)
    _at += _head.width

#: Sets of sentences mean different things by "stereotype": in natural sentences the form decides (GeniL), in made ones
#: which group is given which quality (EMGSD). Each kind has an expert, one logit "a generalisation is voiced", and a gate
#: says which kind a passage is. network.assemble makes the four labels of the generalisation head from them.
EXPERTS = ("natural", "made")
#: columns of the raw logits: those of HEADS, then one per expert, then the gate (higher: natural), then the one for answers
VOICED = slice(WIDTH, WIDTH + len(EXPERTS))
GATE = VOICED.stop
ANSWER = GATE + 1
RAW = ANSWER + 1
#: A chatbot's answer takes a generalisation for granted in passing, which is neither: a logit of its own speaks of answers alone, and
#: learned to be silent in other sentences. It is a head of its own in `logits`, because what a passage says by itself (the
#: generalisation head) must not depend on where it stands.
ANSWERS = Head("generalisation_answer", ("asserted",), "sigmoid")
#: everything in `logits`, in its order
PUBLISHED = (*HEADS, ANSWERS)
OFFSETS[ANSWERS.name] = (WIDTH, WIDTH + ANSWERS.width)
BY_NAME = {head.name: head for head in PUBLISHED}
#: the raw columns that the part with word vectors (network.Worded) answers for: the experts and the gate
WORDED = (*range(VOICED.start, VOICED.stop), GATE)
