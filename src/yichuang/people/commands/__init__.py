"""Every way in which the state of this room changes."""

from yichuang.people.commands.accounts import (
    change_password,
    choose_language,
    disable_account,
    enable_account,
    first_password,
    open_account,
    open_staff_account,
    sign_out_everywhere,
)
from yichuang.people.commands.agency import (
    check_agency,
    grant_agency,
    record_guardian,
    record_legal_representative,
    revoke_agency,
)
from yichuang.people.commands.email import confirm_email, remove_email, send_email_code
from yichuang.people.commands.face import ask_face_check, set_face_aside, take_face_answer, use_face_check
from yichuang.people.commands.grants import GRANT, REVOKE, assign_post, end_post, grant_role, revoke_role
from yichuang.people.commands.looks import record_look, unmask
from yichuang.people.commands.parties import register_party, update_contact
from yichuang.people.commands.proof import foresee_proof, keep_proof, prove_identity, send_proof_code, use_proof
from yichuang.people.commands.qualify import grant_qualification, withdraw_qualification
from yichuang.people.commands.registering import register_person
from yichuang.people.commands.seen import confirm_identity, take_back_identity
from yichuang.people.commands.service import give_service_consent, hold_service_consent, withdraw_service_consent
from yichuang.people.commands.sign_in import send_code, sign_in_code, sign_in_password
from yichuang.people.commands.staff import RENEW, change_staff, renew_password
from yichuang.people.commands.tokens import issue_token, revoke_token
from yichuang.people.copies import take_copied_of

__all__ = [
    "GRANT",
    "RENEW",
    "REVOKE",
    "ask_face_check",
    "assign_post",
    "change_password",
    "change_staff",
    "check_agency",
    "choose_language",
    "confirm_email",
    "confirm_identity",
    "disable_account",
    "enable_account",
    "end_post",
    "first_password",
    "foresee_proof",
    "give_service_consent",
    "grant_agency",
    "grant_qualification",
    "grant_role",
    "hold_service_consent",
    "issue_token",
    "keep_proof",
    "open_account",
    "open_staff_account",
    "prove_identity",
    "record_guardian",
    "record_legal_representative",
    "record_look",
    "register_party",
    "register_person",
    "remove_email",
    "renew_password",
    "revoke_agency",
    "revoke_role",
    "revoke_token",
    "send_code",
    "send_email_code",
    "send_proof_code",
    "sign_in_code",
    "sign_in_password",
    "sign_out_everywhere",
    "take_back_identity",
    "take_copied_of",
    "set_face_aside",
    "take_face_answer",
    "unmask",
    "update_contact",
    "use_face_check",
    "use_proof",
    "withdraw_qualification",
    "withdraw_service_consent",
]
