"""Files that run code or hide a part of a change, by their names and by what is in them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from site_builder.ledger.review.found import FILE, LINK, SUBMODULE, Finding, State, quoted

__all__ = [
    "HOST_SETTINGS",
    "PACKAGES",
    "PYTHON",
    "REVIEWERS",
    "SCRIPTS",
    "THEMES",
    "WORKFLOWS",
    "find_hidden_diffs",
    "find_named",
    "find_outward_links",
    "find_scripted_pages",
    "find_submodules",
    "find_templates",
]


def _names(*patterns: str) -> re.Pattern[str]:
    """Paths that end in one of these: files of that name in any folder, or all that lies in a folder that ends in a slash."""
    folders = [rf"(?:^|/){pattern}" for pattern in patterns if pattern.endswith("/")]
    files = [rf"(?:^|/){pattern}$" for pattern in patterns if not pattern.endswith("/")]
    return re.compile("|".join([*folders, *files]), re.IGNORECASE)


# The names by which programs of others find what they run or obey. What is in one row is not looked for in the next ones.
WORKFLOWS = _names(
    r"\.(?:github|gitea|forgejo)/(?:workflows|actions)/",
    r"\.github/(?:dependabot\.ya?ml|renovate\.json5?)",
    r"(?:\.?renovate(?:rc)?(?:\.json5?)?|action\.ya?ml|jenkinsfile|appveyor\.ya?ml|cloudbuild\.ya?ml|buildspec\.ya?ml)",
    r"(?:\.gitlab-ci\.ya?ml|azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml|\.travis\.ya?ml|\.drone\.ya?ml|\.cirrus\.ya?ml)",
    r"\.(?:gitlab|circleci|woodpecker|buildkite|semaphore|ci|azure-pipelines|builds)/",
    r"\.woodpecker\.ya?ml",
)
HOST_SETTINGS = _names(
    r"(?:netlify\.toml|vercel\.json|wrangler\.(?:toml|jsonc?)|firebase\.json|\.firebaserc|render\.ya?ml|fly\.toml|app\.ya?ml)",
    r"(?:amplify\.ya?ml|staticwebapp\.config\.json|procfile|_headers|_redirects|_routes\.json|_worker\.js|\.htaccess|_config\.ya?ml)",
    r"(?:\.nojekyll|cname|runtime\.txt|\.python-version|\.node-version|\.nvmrc|\.tool-versions|\.?mise\.toml|\.readthedocs\.ya?ml)",
    # Programs that a host runs for the site's addresses.
    r"^(?:functions|netlify|api)/",
)
REVIEWERS = _names("codeowners")
PACKAGES = _names(
    r"(?:pyproject\.toml|setup\.cfg|[\w.-]*(?:requirements|constraints)[\w.-]*\.(?:txt|in|lock)|pipfile(?:\.lock)?|[\w-]+\.lock)",
    r"(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|pnpm-lock\.ya?ml|pnpm-workspace\.ya?ml|environment\.ya?ml|pip\.conf|tox\.ini)",
    r"(?:\.npmrc|\.yarnrc(?:\.ya?ml)?|\.pnpmfile\.cjs|pdm\.toml|uv\.toml|gemfile)",
    r"[^/]+\.(?:whl|egg|tgz|tar\.gz|zip)",
)
PYTHON = _names(r"[^/]+\.(?:py[cdoxi]?|pth|so|dll|dylib|egg-link|ipynb)", r"\.venv/", "pyvenv.cfg")
SCRIPTS = _names(
    r"(?:gnumakefile|makefile|[^/]+\.mk|justfile|rakefile|taskfile\.ya?ml|dockerfile[^/]*|[^/]+\.dockerfile|containerfile)",
    r"(?:docker-)?compose[^/]*\.ya?ml",
    r"[^/]+\.(?:sh|bash|zsh|fish|ps1|bat|cmd|[cm]?[jt]sx?|rb|pl|php|lua|go|rs|wasm|exe|jar)",
    r"(?:\.pre-commit-config\.ya?ml|lefthook\.ya?ml|\.envrc|\.gitpod\.ya?ml|\.gitconfig)",
    r"\.(?:husky|githooks|devcontainer|vscode|idea|cargo)/",
    # A folder of programs, whatever they are called.
    r"(?:scripts|hooks|bin)/[^/.]+",
)


THEMES = re.compile("^themes/")


def find_named(state: State, *, names: re.Pattern[str], others: tuple[re.Pattern[str], ...] = ()) -> Iterator[Finding]:
    """Each file or link with such a name, unless one of the others is its row."""
    for path, kind in state.kinds.items():
        if kind in (FILE, LINK) and names.search(path) and not any(other.search(path) for other in others):
            yield Finding(path, 0, "")


def find_templates(state: State) -> Iterator[Finding]:
    """All that a theme consists of: what lies in themes/, and in the folder that mkdocs.yml names."""
    folders = {
        posixpath.normpath(setting.text)
        for file in state.settings
        for setting in file.content.settings
        if setting.path == ("theme", "custom_dir") and setting.kind == "text"
    }
    for path, kind in state.kinds.items():
        if kind == FILE and (THEMES.search(path) or any(path.startswith(f"{folder}/") for folder in folders)):
            yield Finding(path, 0, "")


# Attributes of git by which a part of a change is not shown, is shown folded, is another file on the disk, or is merged by a program.
# Sources: gitattributes(5); GitHub Docs, Customizing how changed files appear on GitHub; GitLab Docs, Collapse generated files.
_HIDING = re.compile(
    r"(?:-diff|diff=\S+|binary|-text|(?:linguist|gitlab)-generated(?:=\S+)?|linguist-vendored(?:=\S+)?|filter=\S+|-?merge(?:=\S+)?"
    r"|export-(?:ignore|subst)|working-tree-encoding=\S+|ident)"
)


def find_hidden_diffs(state: State) -> Iterator[Finding]:
    """Each line of each .gitattributes that lets a host or git hide or change something."""
    for path, text in state.texts(path for path in state.kinds if posixpath.basename(path).lower() == ".gitattributes"):
        for number, line in enumerate(text.splitlines(), 1):
            words = [] if line.lstrip().startswith("#") else line.split()
            if words and (words[0].startswith("[attr]") or any(map(_HIDING.fullmatch, words[1:]))):
                yield Finding(path, number, quoted(" ".join(words)), " ".join(words))


def find_submodules(state: State) -> Iterator[Finding]:
    """Other repositories within this one, and the file that names them."""
    for path, kind in state.kinds.items():
        if kind == SUBMODULE or posixpath.basename(path).lower() == ".gitmodules":
            yield Finding(path, 0, "another repository" if kind == SUBMODULE else "")


# What runs in a reader's browser, or is fetched from elsewhere. Quoted as code it is found too: looking costs little.
_SCRIPTED = re.compile(
    r"<\s*(?:script|iframe|frame|object|embed|base|meta|link|form|portal|foreignobject)\b|\bon[a-z]{3,}\s*=\s*[\"']|javascript:"
    r"|\bsrcdoc\s*=|<!ENTITY|<\?xml-stylesheet",
    re.IGNORECASE,
)
_PAGES = "content/pages/"
_OF_TEXT = (".md", ".html", ".htm", ".xhtml", ".xml", ".svg")


def find_scripted_pages(state: State) -> Iterator[Finding]:
    """The first place in each page or drawing where HTML runs or fetches something."""
    for path, text in state.texts(path for path in state.kinds if path.startswith(_PAGES) and path.endswith(_OF_TEXT)):
        found = _SCRIPTED.search(text)
        if found:
            yield Finding(path, text.count("\n", 0, found.start()) + 1, quoted(found[0]))


def find_outward_links(state: State) -> Iterator[Finding]:
    """Each symbolic link that leads out of its folder."""
    links = [path for path, kind in state.kinds.items() if kind == LINK]
    for path, raw in state.read(links).items():
        target = raw.decode("utf-8", "replace")
        if target.startswith("/") or posixpath.normpath(target).split("/")[0] == "..":
            yield Finding(path, 0, f"leads to {quoted(target)}", target)
