"""What a service item (事项) is, as frozen values that every room may hold.

The names follow the national elements of a service item (GB/T 39554); `docs/reference/pack-format.md` has the map.
`source` says how sure a fact is: "M" from memory, "P" proposed by us, "S1"… a source named in `Pack.sources`.
"""

from yichuang.catalog.values.changes import Change, Comparison, Weight
from yichuang.catalog.values.guide import Fact, Guide, GuideMaterial, ItemFilters, ItemRow
from yichuang.catalog.values.limits import Extension, Limit, LimitVariant, SpecialProcedure
from yichuang.catalog.values.lists import ItemFigures, ItemList, ListProgress, ListRule, ListsTrial, Share
from yichuang.catalog.values.materials import (
    NECESSITIES,
    FileRule,
    Material,
    MaterialVerdict,
    Necessity,
    Path,
    RequiredMaterial,
    Requirements,
)
from yichuang.catalog.values.names import (
    AREAS,
    AUDIENCES,
    LEVELS,
    MATERIAL_FORMS,
    ORIGINS,
    POWERS,
    RESULT_KINDS,
    WAYS,
    JsonDict,
    Mark,
    TaskType,
)
from yichuang.catalog.values.pack import Example, Faq, Pack
from yichuang.catalog.values.process import (
    FOLLOW_UP_WORDS,
    MESSAGES,
    OPERATIONS,
    EndedCertificate,
    FlowStep,
    FollowUp,
    Handover,
    ResultField,
    ResultSpec,
    Validity,
)
from yichuang.catalog.values.shelf import FolderState, ShelfRow, VersionRow, VersionState
from yichuang.catalog.values.situation import Condition, FactSpec, FormRule, Option, Question
from yichuang.catalog.values.terms import Contacts, Fee, Fees, LegalBasis, Scope, SourceNote, Visits
from yichuang.catalog.values.trials import ExampleResult, Mutation, PackFault, PackTrial
from yichuang.catalog.values.workbooks import CellChange, CellFault, SheetPreview, SheetRow

__all__ = [
    "MESSAGES",
    "OPERATIONS",
    "CellChange",
    "CellFault",
    "SheetPreview",
    "SheetRow",
    "ListsTrial",
    "FolderState",
    "ShelfRow",
    "VersionRow",
    "VersionState",
    "PackTrial",
    "FOLLOW_UP_WORDS",
    "EndedCertificate",
    "FollowUp",
    "AREAS",
    "ItemFigures",
    "ItemList",
    "ListProgress",
    "ListRule",
    "Share",
    "Change",
    "Comparison",
    "Weight",
    "MATERIAL_FORMS",
    "ORIGINS",
    "POWERS",
    "RESULT_KINDS",
    "WAYS",
    "AUDIENCES",
    "Condition",
    "Contacts",
    "Example",
    "ExampleResult",
    "Extension",
    "Fact",
    "FactSpec",
    "Faq",
    "Fee",
    "Fees",
    "FileRule",
    "FlowStep",
    "FormRule",
    "Guide",
    "GuideMaterial",
    "Handover",
    "ItemFilters",
    "ItemRow",
    "JsonDict",
    "LEVELS",
    "LegalBasis",
    "Limit",
    "LimitVariant",
    "Mark",
    "Material",
    "MaterialVerdict",
    "Mutation",
    "NECESSITIES",
    "Necessity",
    "Option",
    "Pack",
    "PackFault",
    "Path",
    "Question",
    "RequiredMaterial",
    "Requirements",
    "ResultField",
    "ResultSpec",
    "Scope",
    "SourceNote",
    "SpecialProcedure",
    "TaskType",
    "Validity",
    "Visits",
]
