"""Runs the Dockerfile's build steps in a clean folder, then the installed worker, without a container engine.

What it does not show: that the base image exists, and its own packages. The instructions are read from the
Dockerfile itself: paths from the root of the image's file system are put below the folder.
"""

import argparse
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
SAMPLE = ROOT / "samples" / "01-agency-wire.json"
USER = 10001
_IMAGE_PATH = re.compile(r"(?<![\w./:])/(?=(?:opt|wheels|dist|src)\b)")


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Instruction and argument of each logical line."""
    joined = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", text))
    for line in joined.splitlines():
        if line.strip():
            name, _, argument = line.strip().partition(" ")
            yield name.upper(), " ".join(argument.split())


def build_stage(text: str) -> list[tuple[str, str]]:
    """The instructions of the first stage, after its FROM."""
    found = list(instructions(text))
    stages = [n for n, (name, _) in enumerate(found) if name == "FROM"]
    return found[stages[0] + 1 : stages[1]]


def run_build(folder: Path, environment: dict[str, str]) -> None:
    """Run the build stage with `folder` for the root of its file system. Raises CalledProcessError."""
    at = folder
    for name, argument in build_stage(DOCKERFILE.read_text(encoding="utf-8")):
        print(f"   {name} {argument}", flush=True)
        match name:
            case "ENV":
                environment |= dict(pair.split("=", 1) for pair in shlex.split(argument))
            case "WORKDIR":
                at = folder / argument.lstrip("/")
                at.mkdir(parents=True)
            case "COPY":
                *sources, target = argument.split()
                for source in sources:
                    copy(ROOT / source, at / target)
            case "RUN":
                command = _IMAGE_PATH.sub(f"{folder}/", argument)
                subprocess.run(["bash", "-euc", command], cwd=at, env=environment, check=True)
            case _:
                raise SystemExit(f"no rule for {name}")


def copy(source: Path, target: Path) -> None:
    """COPY's rule: a folder's content goes into the target, a file into it or under its name."""
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        return
    if not target.suffix and target.name != source.name:
        target.mkdir(parents=True, exist_ok=True)
        target /= source.name
    shutil.copy(source, target)


def as_other_user(python: Path) -> list[str]:
    """What puts a command under the image's user, or nothing where that is not possible."""
    if os.getuid() != 0 or not shutil.which("setpriv"):
        return []
    real = python.resolve()
    if not all(p.stat().st_mode & stat.S_IXOTH for p in (real, *real.parents)):
        print(f"== {real} cannot be reached by other users: going on as this one")
        return []
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]


def main() -> None:
    """Build, then `khabar --help` and one article enriched from the installed wheel."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="stands for the base image's python")
    arguments = parser.parse_args()
    base = Path(arguments.python).resolve()
    with tempfile.TemporaryDirectory(prefix="khabar-image-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        (folder / "bin").mkdir()
        (folder / "bin" / "python").symlink_to(base)
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "KHABAR_", "VIRTUAL_ENV"))
        }
        environment["PIP_QUIET"] = "1"
        environment["PATH"] = f"{folder}/bin:{environment['PATH']}"
        print(f"== The image's build stage, in {folder}")
        run_build(folder, environment)
        khabar = str(folder / "opt" / "khabar" / "bin" / "khabar")
        user = as_other_user(base)
        sample = folder / SAMPLE.name
        shutil.copy(SAMPLE, sample)
        who = f"user {USER}" if user else f"user {os.getuid()}"
        for command in ([khabar, "--help"], [khabar, "enrich", str(sample)]):
            print(f"== {' '.join(command)} (as {who})", flush=True)
            done = subprocess.run(
                [*user, *command], cwd="/", env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise SystemExit(f"exit code {done.returncode}\n{done.stdout}{done.stderr}")
            if not done.stdout.strip():
                raise SystemExit("it printed nothing")
            print(f"   {len(done.stdout):,} characters of output")


if __name__ == "__main__":
    main()
