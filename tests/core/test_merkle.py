"""The tree against RFC 6962's own recursive definition, and its proofs against the stand-alone verifier."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core import receipts
from yichuang.core.ledger import merkle
from yichuang.core.receipts import ReceiptError, check_consistency, node_hash, root_of_inclusion

MOST = 130


def leaf(n: int) -> bytes:
    return hashlib.sha256(b"\x00" + n.to_bytes(4, "big")).digest()


def tree_hash(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return node_hash(tree_hash(leaves[:cut]), tree_hash(leaves[cut:]))


LEAVES = [leaf(n) for n in range(MOST)]
STORED: dict[merkle.Place, bytes] = {(0, n): found for n, found in enumerate(LEAVES)}
ROOTS = [merkle.EMPTY_ROOT]
_builder = merkle.Builder()
for _leaf in LEAVES:
    STORED.update(dict(_builder.add(_leaf)))
    ROOTS.append(_builder.root)


def fetch(places):
    return {place: STORED[place] for place in places}


def inclusion(index, size):
    return merkle.hashes_of(merkle.inclusion_spans(index, size), fetch)


def test_every_root_is_the_one_of_the_definition():
    assert [tree_hash(LEAVES[:size]) for size in range(MOST + 1)] == ROOTS


def test_the_builder_goes_on_from_what_is_stored():
    for size in range(MOST):
        builder = merkle.Builder.at(size, fetch)
        assert builder.root == ROOTS[size]
        builder.add(LEAVES[size])
        assert builder.root == ROOTS[size + 1]


@given(st.integers(1, MOST), st.data())
def test_every_leaf_is_proved_in_every_tree(size, data):
    index = data.draw(st.integers(0, size - 1))
    path = inclusion(index, size)
    assert len(path) <= (size - 1).bit_length()
    assert root_of_inclusion(LEAVES[index], index, size, path) == ROOTS[size]


@given(st.integers(2, MOST), st.data())
def test_no_other_leaf_place_or_path_is_proved(size, data):
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index))
    path = inclusion(index, size)

    def proved(hash_of_leaf, at, steps):
        try:
            return root_of_inclusion(hash_of_leaf, at, size, steps) == ROOTS[size]
        except ReceiptError:
            return False

    assert not proved(LEAVES[other], index, path)
    assert not proved(LEAVES[index], other, path)
    assert not proved(LEAVES[index], index, path[:-1])
    assert not proved(LEAVES[index], index, [*path, LEAVES[0]])
    place = data.draw(st.integers(0, len(path) - 1))
    assert not proved(LEAVES[index], index, [*path[:place], LEAVES[0][::-1], *path[place + 1 :]])


@given(st.integers(1, MOST), st.data())
def test_every_tree_continues_every_smaller_one(new, data):
    old = data.draw(st.integers(1, new))
    path = merkle.hashes_of(merkle.consistency_spans(old, new), fetch)
    check_consistency(old, ROOTS[old], new, ROOTS[new], path)
    if old < new:
        for wrong in (path[:-1], [*path, LEAVES[0]], [LEAVES[0][::-1], *path[1:]]):
            with pytest.raises(ReceiptError):
                check_consistency(old, ROOTS[old], new, ROOTS[new], wrong)
        with pytest.raises(ReceiptError):
            check_consistency(old, LEAVES[0][::-1], new, ROOTS[new], path)
        with pytest.raises(ReceiptError):
            check_consistency(old, ROOTS[old], new, LEAVES[0][::-1], path)


def test_edges_of_consistency():
    check_consistency(0, merkle.EMPTY_ROOT, 5, ROOTS[5], [])
    check_consistency(5, ROOTS[5], 5, ROOTS[5], [])
    for old, old_root, new, new_root in [(6, ROOTS[6], 5, ROOTS[5]), (5, ROOTS[5], 5, ROOTS[6])]:
        with pytest.raises(ReceiptError):
            check_consistency(old, old_root, new, new_root, [])


def test_a_node_never_passes_for_a_leaf():
    """The second-preimage trick that the zero and one bytes of RFC 6962 stop."""
    forged = hashlib.sha256(b"\x00" + LEAVES[0] + LEAVES[1]).digest()
    with pytest.raises(ReceiptError):
        root_of_inclusion(forged, 0, 2, [])
    assert root_of_inclusion(forged, 0, 1, []) != ROOTS[2]


def test_places_that_do_not_exist():
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion_spans(5, 5)
    with pytest.raises(ValueError, match="no such trees"):
        merkle.consistency_spans(0, 5)
    with pytest.raises(ReceiptError):
        root_of_inclusion(LEAVES[0], 5, 5, [])


def test_the_published_vectors():
    """The eight leaves and the roots that Certificate Transparency implementations share as test data."""
    raw = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    builder = merkle.Builder()
    roots = []
    for data in raw:
        builder.add(hashlib.sha256(b"\x00" + bytes.fromhex(data)).digest())
        roots.append(builder.root.hex())
    assert merkle.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert roots[0] == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert roots[1] == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert roots[7] == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_the_verifier_knows_nothing_of_django():
    import subprocess
    import sys

    code = f"import sys, runpy; runpy.run_path({receipts.__file__!r}); print([m for m in sys.modules if 'django' in m])"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
