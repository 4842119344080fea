"""Files that are handed in with a filing: why some of them will not do."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from yichuang.cases import messages
from yichuang.cases.models import Upload
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import FileRule
from yichuang.core.refusals import Reason


def paper_faults(
    materials: Mapping[str, Sequence[UUID]], own: Mapping[UUID, Upload], rules: Mapping[str, FileRule]
) -> list[Reason]:
    """Papers that nobody asks for, and files that do not do for their paper; `rules` of what is asked for."""
    reasons = [
        Reason("UNKNOWN_MATERIAL", messages.UNKNOWN_MATERIAL.format(code=code), f"/materials/{code}")
        for code in materials
        if code not in rules
    ]
    for code, ids in materials.items():
        files = [own[upload] for upload in ids if upload in own]
        reasons += catalog.file_faults(rules[code], files, field=f"/materials/{code}") if code in rules else []
    return reasons


def not_to_be_had(
    materials: Mapping[str, Sequence[UUID]], own: Mapping[UUID, Upload], case: UUID | None
) -> list[Reason]:
    """Why each upload that the case did not get (None: no case has it yet) cannot be filed: not the actor's own, or in
    another case."""
    reasons = []
    for code, ids in materials.items():
        for upload in ids:
            if upload not in own:
                reasons.append(
                    Reason("UNKNOWN_UPLOAD", messages.UNKNOWN_UPLOAD.format(id=upload), f"/materials/{code}")
                )
            elif own[upload].case_id != case:
                reasons.append(Reason("UPLOAD_USED", messages.UPLOAD_USED, f"/materials/{code}"))
    return reasons
