"""The locked dependencies: every version with its hashes, for Python 3.11 to 3.13, without any registry's address.

    python -m yichuang.settings.tools.lock write | check

`check` needs no network: each lock carries the digest of the dependencies it was made from.
"""

import hashlib
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
MARK = "# made from dependencies: sha256:"
LOCKS = {"requirements.lock": [], "requirements-dev.lock": ["--extra", "dev", "--constraint", "requirements.lock"]}


def digest() -> str:
    """Of what pyproject.toml asks for; comments and order of keys do not count."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [project["requires-python"], project["dependencies"], project["optional-dependencies"]]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def stale() -> list[str]:
    """The locks that were made from other dependencies than pyproject.toml now names."""
    line = MARK + digest()
    return [name for name in LOCKS if line not in (ROOT / name).read_text(encoding="utf-8").splitlines()[:5]]


def write() -> None:
    """Resolve anew; versions that still fit stay as they are (delete the files for the newest of everything)."""
    for name, more in LOCKS.items():
        subprocess.run(
            ["uv", "pip", "compile", "pyproject.toml", *more, "--universal", "--python-version", "3.11"]
            + ["--generate-hashes", "--no-emit-index-url", "--quiet", "--output-file", name],
            cwd=ROOT,
            env=os.environ | {"UV_CUSTOM_COMPILE_COMMAND": "./run lock"},
            check=True,
        )
        path = ROOT / name
        path.write_text(f"{MARK}{digest()}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")


def main(arguments: list[str]) -> int:
    if arguments == ["write"]:
        write()
    elif arguments == ["check"]:
        for name in (old := stale()):
            sys.stderr.write(f"{name} does not match pyproject.toml: ./run lock\n")
        return 1 if old else 0
    else:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
