import base64
import os

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from yichuang.core import crypto

K1 = "k1:" + base64.b64encode(b"1" * 32).decode()
K2 = "k2:" + base64.b64encode(b"2" * 32).decode()
AAD = "people_party.name"


@pytest.fixture(params=["intl", "guomi"])
def suite(request, settings):
    settings.YICHUANG_CRYPTO_SUITE = request.param
    return request.param


@pytest.mark.parametrize("plain", ["", "张晓", "𠮷野家 䶮 㛃 😀", "x" * 10_000, "a:b:c\x00"])
def test_what_was_sealed_opens_again(suite, plain):
    token = crypto.seal(plain, aad=AAD)
    assert token.startswith(f"k1:{suite}:")
    assert plain == "" or plain not in token
    assert crypto.unseal(token, aad=AAD) == plain


def test_two_tokens_of_one_text_differ(suite):
    assert crypto.seal("张晓", aad=AAD) != crypto.seal("张晓", aad=AAD)


def test_a_token_in_another_column_does_not_open(suite):
    with pytest.raises(crypto.CryptoError, match="does not open at people_party.mobile"):
        crypto.unseal(crypto.seal("张晓", aad=AAD), aad="people_party.mobile")


def test_every_changed_byte_is_found(suite):
    token = crypto.seal("440305199001010015", aad=AAD)
    head, body = token.rsplit(":", 1)
    raw = base64.urlsafe_b64decode(body)
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises(crypto.CryptoError):
            crypto.unseal(f"{head}:{base64.urlsafe_b64encode(changed).decode()}", aad=AAD)


@pytest.mark.parametrize(
    "bad", ["", "plain", "k1:intl", "k1:intl:", "k1:intl:AAAA", "k1:rot:AAAA", "k9:intl:AAAA", "k1:intl:$$$"]
)
def test_garbage_is_refused_without_quoting_it(suite, bad):
    with pytest.raises(crypto.CryptoError):
        crypto.unseal(bad, aad=AAD)


def test_a_token_does_not_pass_as_another_key_or_suite(suite, settings):
    settings.YICHUANG_FIELD_KEYS = f"{K1},{K2}"
    token = crypto.seal("张晓", aad=AAD)
    other = "guomi" if suite == "intl" else "intl"
    for forged in (token.replace("k1:", "k2:"), token.replace(suite, other)):
        with pytest.raises(crypto.CryptoError):
            crypto.unseal(forged, aad=AAD)


def test_old_keys_still_open_and_the_first_seals(suite, settings):
    settings.YICHUANG_FIELD_KEYS = K1
    old = crypto.seal("张晓", aad=AAD)
    settings.YICHUANG_FIELD_KEYS = f"{K2},{K1}"
    assert crypto.unseal(old, aad=AAD) == "张晓"
    assert crypto.needs_resealing(old)
    new = crypto.seal("张晓", aad=AAD)
    assert new.startswith("k2:")
    assert not crypto.needs_resealing(new)
    settings.YICHUANG_FIELD_KEYS = K2
    with pytest.raises(crypto.CryptoError, match="no key 'k1'"):
        crypto.unseal(old, aad=AAD)


@pytest.mark.parametrize(("first", "second"), [("intl", "guomi"), ("guomi", "intl")])
def test_a_change_of_suite_keeps_old_rows_readable(settings, first, second):
    settings.YICHUANG_CRYPTO_SUITE = first
    token = crypto.seal("张晓", aad=AAD)
    settings.YICHUANG_CRYPTO_SUITE = second
    assert crypto.unseal(token, aad=AAD) == "张晓"
    assert crypto.needs_resealing(token)


def test_blind_index_finds_equals_and_shows_nothing(suite):
    index = crypto.blind_index("cn_id", "440305199001010015")
    assert index == crypto.blind_index("cn_id", "440305199001010015")
    assert index != crypto.blind_index("passport", "440305199001010015")
    assert index != crypto.blind_index("cn_id", "440305199001010016")
    assert len(index) == 64


def test_blind_index_depends_on_key_and_suite(settings):
    seen = set()
    for suite in ("intl", "guomi"):
        for key in (b"a" * 32, b"b" * 32):
            settings.YICHUANG_CRYPTO_SUITE, settings.YICHUANG_INDEX_KEY = suite, base64.b64encode(key).decode()
            seen.add(crypto.blind_index("cn_id", "1"))
    assert len(seen) == 4


@pytest.mark.parametrize("keys", ["", "k1:abc", "k1:" + base64.b64encode(b"short").decode(), f"{K1},{K1}", "no colon"])
def test_unusable_keys_stop_the_act_with_a_clear_message(settings, keys):
    settings.YICHUANG_FIELD_KEYS = keys
    with pytest.raises(crypto.CryptoError, match="key|YICHUANG_FIELD_KEYS"):
        crypto.seal("x", aad=AAD)


def test_an_unknown_suite_is_refused(settings):
    settings.YICHUANG_CRYPTO_SUITE = "none"
    with pytest.raises(crypto.CryptoError, match="intl or guomi"):
        crypto.seal("x", aad=AAD)


def test_sm4_and_sm3_agree_with_the_published_vectors():
    """GM/T 0002-2012 appendix A.1 and GM/T 0004-2012 appendix A.1, through the library that the suite uses."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    block = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    assert (block.update(key) + block.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_sm4_gcm_agrees_with_rfc_8998():
    """RFC 8998 appendix A.1: the guomi suite's cipher on the published SM4-GCM vector."""
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    aad = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = bytes.fromhex(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
        "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
    )
    sealed = crypto._sm4_seal(key, nonce, plain, aad)
    assert sealed.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert crypto._sm4_open(key, nonce, sealed, aad) == plain


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["intl", "guomi"]))
@hypothesis_settings(max_examples=100, deadline=None)
def test_any_text_survives(plain, name):
    from django.test import override_settings

    with override_settings(YICHUANG_CRYPTO_SUITE=name):
        assert crypto.unseal(crypto.seal(plain, aad=AAD), aad=AAD) == plain


def test_a_strange_key_file_is_not_guessed_from(settings):
    settings.YICHUANG_FIELD_KEYS = "k1:" + base64.b64encode(os.urandom(31)).decode()
    with pytest.raises(crypto.CryptoError, match="32 bytes"):
        crypto.seal("x", aad=AAD)


@pytest.mark.parametrize("suite", ["intl", "guomi"])
@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 \xff\x00:::", os.urandom(5000)])
def test_a_sealed_file_opens_only_whole_and_in_its_place(settings, suite, content):
    settings.YICHUANG_CRYPTO_SUITE = suite
    sealed = crypto.seal_bytes(content, aad="upload:1")
    assert crypto.unseal_bytes(sealed, aad="upload:1") == content
    assert len(sealed) < len(content) + 60
    broken = [sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:20], b"", b"k1", b"k9:intl:" + sealed[8:]]
    for wrong in broken:
        with pytest.raises(crypto.CryptoError):
            crypto.unseal_bytes(wrong, aad="upload:1")
    with pytest.raises(crypto.CryptoError):
        crypto.unseal_bytes(sealed, aad="upload:2")
