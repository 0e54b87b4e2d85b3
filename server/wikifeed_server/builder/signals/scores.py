"""The judgements of machine-learned models in the contract's form."""

from wikifeed.v1.revision_pb2 import Probability, ProbabilityScore, ReferenceNeed, ReferenceRisk, Scores
from wikifeed_server.sources import facts


def scores_of(scores: facts.Scores | None) -> Scores | None:
    """Those judgements that there are; None where there is none."""
    if scores is None or scores == facts.Scores():
        return None
    risk, need = scores.reference_risk, scores.reference_need
    return Scores(
        revertrisk=_revert_risk(scores),
        referencerisk=ReferenceRisk(reference_risk_score=risk) if risk is not None else None,
        referenceneed=ReferenceNeed(reference_need_score=need) if need is not None else None,
    )


def _revert_risk(scores: facts.Scores) -> ProbabilityScore | None:
    risk = scores.revert_risk
    if risk is None and scores.reverted is None:
        return None
    return ProbabilityScore(
        prediction=bool(scores.reverted),
        probability=Probability(true=risk, false=1 - risk) if risk is not None else None,
    )
