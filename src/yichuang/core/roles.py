"""The roles (角色) a member of staff can hold. 三员 (the three administrators) exclude each other."""

from yichuang.core.words import W, Words

INTAKE_CLERK = "intake_clerk"
ISSUING_CLERK = "issuing_clerk"
REVIEWER = "reviewer"
CHIEF_REPRESENTATIVE = "chief_representative"
HALL_MANAGER = "hall_manager"
SUPERVISOR = "supervisor"
ITEM_EDITOR = "item_editor"
DEVICE_KEEPER = "device_keeper"
COMMUNITY_WORKER = "community_worker"
SYSTEM_ADMIN = "system_admin"
SECURITY_ADMIN = "security_admin"
SECURITY_AUDITOR = "security_auditor"

WORDS: dict[str, Words] = {
    INTAKE_CLERK: W("综窗受理员", "Intake clerk"),
    ISSUING_CLERK: W("出件员", "Issuing clerk"),
    REVIEWER: W("审批员", "Reviewer"),
    CHIEF_REPRESENTATIVE: W("首席代表", "Chief representative"),
    HALL_MANAGER: W("大厅主任", "Hall manager"),
    SUPERVISOR: W("监督员", "Supervisor"),
    ITEM_EDITOR: W("事项管理员", "Item editor"),
    DEVICE_KEEPER: W("设备运维员", "Device keeper"),
    COMMUNITY_WORKER: W("社区工作者", "Community worker"),
    SYSTEM_ADMIN: W("系统管理员", "System administrator"),
    SECURITY_ADMIN: W("安全管理员", "Security administrator"),
    SECURITY_AUDITOR: W("安全审计员", "Security auditor"),
}
ALL = frozenset(WORDS)
SERVES = (INTAKE_CLERK, COMMUNITY_WORKER, ISSUING_CLERK)  # who calls and serves at a window
THREE_ADMINISTRATORS = frozenset({SYSTEM_ADMIN, SECURITY_ADMIN, SECURITY_AUDITOR})
# Who has something to look after in the console (管理后台): the three, and those who keep items, places, authorisations.
ADMINISTERS = THREE_ADMINISTRATORS | {ITEM_EDITOR, HALL_MANAGER, CHIEF_REPRESENTATIVE}
# Whose acts may need a second person (docs/adr/0014): those, and who decides for a department (docs/adr/0022).
CONFIRMS = ADMINISTERS | {REVIEWER}
