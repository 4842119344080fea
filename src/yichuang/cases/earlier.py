"""用上次交过的: papers that the same applicant handed in with an earlier case, and what they are worth now (docs/adr/0024).

What a clerk checked against the original (B) is reused as it is; what was only uploaded (C) is looked at like any upload,
and the clerk is told; what the applicant wrote (D) rests on their word once more. Bound to the very same files.

A file that a clerk sent back, in whatever case, counts for nothing that was handed in before: neither where it is, nor
where the very same lies in another case. What is left of a paper that was put right is looked at once more.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from yichuang.cases.fetched import HeldState
from yichuang.cases.models import Case, GapNotice, HeldPaper, Material, MaterialFile, Upload
from yichuang.cases.rules.held import will_do
from yichuang.cases.values import MaterialState
from yichuang.catalog.values import AgainSpec
from yichuang.catalog.values import Material as Spec
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.compiled import build
from yichuang.core.ids import new_id
from yichuang.core.words import W, Words
from yichuang.registry import queries as registry
from yichuang.registry.values import Trust

CHECKED_BY = W("窗口核对过原件（办件 {number}）", "checked against the original at a counter (case {number})")
HANDED_IN = W("您以前交的（办件 {number}）", "handed in by you before (case {number})")
LOOK = W("以前上传过，没有核对过原件，请核对", "Uploaded before, never checked against the original: please check")
MENDED = W("以前被要求更正过，请核对是否完整", "Sent back once and put right: please check that it is complete")
WORD = W("申请人自己写的，按本人承诺使用", "Written by the applicant, used on their word")
MOST = 5  # cases back that are offered for one paper


@dataclass(frozen=True, slots=True)
class Earlier:
    """A paper of an earlier case: what it is worth, and its files. `mended`: others of its files were sent back."""

    material: UUID
    case: str
    item: Words
    level: Trust
    arrived: date
    uploads: tuple[Upload, ...]
    mended: bool = False

    @property
    def prints(self) -> frozenset[tuple[str, int]]:
        """What makes a file the very same one."""
        return frozenset((upload.sha256, upload.size) for upload in self.uploads)


def earlier_papers(
    materials: Iterable[Spec], applicant: UUID, *, at: datetime, among: Q | None = None
) -> Mapping[str, tuple[Earlier, ...]]:
    """What the applicant handed in before for papers of the same name, as far as the item lets it do, the latest first.

    `among` narrows the earlier cases to those that somebody may read. Nothing is asked where the item lets nothing do.
    """
    wanted = {material.name.zh: material for material in materials if material.again is not None}
    if not wanted:
        return {}
    days = max(material.again.days for material in wanted.values() if material.again is not None)
    rows = (
        Material.objects.filter(case__in=Case.objects.filter(among or Q(), applicant=applicant), name_zh__in=wanted)
        .filter(state__in=[MaterialState.CHECKED.value, MaterialState.PROVIDED.value])
        .filter(arrived_date__gte=local_date(at) - timedelta(days=days))
        .select_related("case")
        .order_by("-arrived_date", "-id")[: MOST * len(wanted)]
    )
    files: dict[UUID, list[MaterialFile]] = defaultdict(list)
    for file in _files(material__in=[row.id for row in rows]):
        files[file.material_id].append(file)
    sent_back = _sent_back(applicant, wanted) if files else {}
    found: dict[str, list[Earlier]] = {}
    for row in rows:
        material = wanted[row.name_zh]
        one = _earlier(row, material, files[row.id], sent_back)
        assert material.again is not None
        if one.uploads and _will_do(one, material.again, at):
            found.setdefault(material.code, []).append(one)
    return {code: tuple(ones) for code, ones in found.items()}


def _files(**which: object) -> Iterable[MaterialFile]:
    return MaterialFile.objects.filter(**which).select_related("upload", "material").order_by("at", "id")


def _sent_back(applicant: UUID, names: Collection[str]) -> Mapping[tuple[str, str, int], datetime]:
    """The files of the applicant's papers of these names (name, SHA-256, size) that a clerk asked to put right, and when last.

    Told by a notice; or taken on a promise, with no notice: then the same paper came once more behind the acceptance.
    """
    asked: dict[tuple[UUID, str], datetime] = {}
    promised = Q(state=MaterialState.PROMISED.value) | Q(arrived_date__gt=F("case__accepted_date"))
    late = Material.objects.filter(promised, case__applicant=applicant, case__accepted_as="promise", name_zh__in=names)
    for row in late.select_related("case").order_by("id"):
        assert row.case.accepted_at is not None
        asked[row.case_id, row.code] = row.case.accepted_at
    for notice in GapNotice.objects.filter(case__applicant=applicant).order_by("told_at", "id"):
        for item in notice.items:
            code = str(item["material"])
            asked[notice.case_id, code] = max(notice.told_at, asked.get((notice.case_id, code), notice.told_at))
    found: dict[tuple[str, str, int], datetime] = {}
    for file in _files(material__case__in={case for case, _ in asked}, material__name_zh__in=names):
        at = asked.get((file.material.case_id, file.material.code))
        if at is not None and file.at <= at:
            key = (file.material.name_zh, file.upload.sha256, file.upload.size)
            found[key] = max(at, found.get(key, at))
    return found


def _earlier(
    row: Material,
    material: Spec,
    files: Sequence[MaterialFile],
    sent_back: Mapping[tuple[str, str, int], datetime],
) -> Earlier:
    own = material.origin == "self" and material.kind == "form"
    checked = row.state == MaterialState.CHECKED.value and row.seen_original
    level = registry.trust_of("checked" if checked else "declared" if own else "uploaded")
    assert row.arrived_date is not None
    item = Words(row.case.item_name_zh, row.case.item_name_en)
    good = []
    for file in files:
        at = sent_back.get((row.name_zh, file.upload.sha256, file.upload.size))
        if at is None or at < file.at:
            good.append(file.upload)
    mended = len(good) < len(files)
    if mended:
        level = max(level, Trust.C, key=lambda one: one.value)
    return Earlier(row.id, row.case.number, item, level, row.arrived_date, tuple(good), mended)


def _will_do(one: Earlier, spec: AgainSpec, at: datetime) -> bool:
    return will_do(one.level, one.arrived, least=spec.trust, days=spec.days, today=local_date(at))


def readable_by(actor: Actor, applicant: UUID) -> Q:
    """The applicant's cases whose papers this person may read: all of their own, of another's those that they filed."""
    return Q() if actor.id == applicant else Q(agent=actor.id)


def taken_over(
    case: UUID, materials: Iterable[Spec], uploads: Mapping[str, Sequence[Upload]], applicant: UUID, at: datetime
) -> list[HeldPaper]:
    """The rows of papers whose files are, byte for byte, those of an earlier paper that will do."""
    handed = [m for m in materials if uploads.get(m.code)]
    found = earlier_papers(handed, applicant, at=at)
    rows = []
    for material in handed:
        prints = frozenset((upload.sha256, upload.size) for upload in uploads[material.code])
        same = [one for one in found.get(material.code, ()) if one.prints == prints]
        if same:
            rows.append(_row(case, material, min(same, key=lambda one: one.level.value), at))
    return rows


def _row(case: UUID, material: Spec, one: Earlier, at: datetime) -> HeldPaper:
    provider = (CHECKED_BY if one.level is Trust.B else HANDED_IN).format(number=one.case)
    why = MENDED if one.mended else {Trust.C: LOOK, Trust.D: WORD}.get(one.level)
    return build(
        HeldPaper,
        id=new_id(),
        case_id=case,
        code=material.code,
        state=HeldState.FETCHED.value,
        level=one.level.value,
        base="",
        name_zh=material.name.zh,
        name_en=material.name.en,
        provider_zh=provider.zh,
        provider_en=provider.en,
        earlier_id=one.material,
        data={},
        why_zh=why.zh if why else "",
        why_en=why.en if why else "",
        asked_at=at,
    )


def checked_before(rows: Iterable[HeldPaper]) -> frozenset[str]:
    """The papers that need not be checked again (level B)."""
    return frozenset(row.code for row in rows if row.level == Trust.B.value)
