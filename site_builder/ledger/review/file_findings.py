"""Files that run code or hide a part of a change, by their names, and by what is in those of git."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from site_builder.ledger.review.found import FILE, LINK, SUBMODULE, Finding, State, quoted

__all__ = [
    "HOST_SETTINGS",
    "LAURELS",
    "PACKAGES",
    "PYTHON",
    "REVIEWERS",
    "SCRIPTS",
    "THEMES",
    "WORKFLOWS",
    "find_hidden_diffs",
    "find_named",
    "find_outward_links",
    "find_submodules",
    "find_templates",
]


def _names(*patterns: str) -> re.Pattern[str]:
    """Paths that end in one of these: files of that name in any folder, or all that lies in a folder that ends in a slash.

    One that begins with ^ is meant at the top of the site, or of the repository around it."""
    patterns = tuple(rf"^(?:\.\./)*{pattern[1:]}" if pattern[0] == "^" else pattern for pattern in patterns)
    folders = [rf"(?:^|/){pattern}" for pattern in patterns if pattern.endswith("/")]
    files = [rf"(?:^|/){pattern}$" for pattern in patterns if not pattern.endswith("/")]
    return re.compile("|".join([*folders, *files]), re.IGNORECASE)


# The names by which programs of others find what they run or obey. What is in one row is not looked for in the next ones.
WORKFLOWS = _names(
    r"\.(?:github|gitea|forgejo)/(?:workflows|actions)/",
    r"\.github/(?:dependabot\.ya?ml|renovate\.json5?)",
    r"(?:\.?renovate(?:rc)?(?:\.json5?)?|action\.ya?ml|jenkinsfile|earthfile|cloudbuild\.ya?ml|buildspec\.ya?ml)",
    r"(?:\.gitlab-ci\.ya?ml|azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml)",
    r"^\.?(?:travis|drone|cirrus|woodpecker|appveyor|bitrise|build|circle|codefresh|semaphore)\.(?:ya?ml|star|jsonnet)",
    r"\.(?:gitlab|circleci|woodpecker|buildkite|semaphore|ci|azure-pipelines|builds|teamcity|tekton|harness|drone)/",
    "^ci/",
)
HOST_SETTINGS = _names(
    r"(?:netlify\.toml|vercel\.json|wrangler\.(?:toml|jsonc?)|firebase\.json|\.firebaserc|render\.ya?ml|fly\.toml|app\.ya?ml)",
    r"(?:amplify\.ya?ml|staticwebapp\.config\.json|procfile|_headers|_redirects|_routes\.json|_worker\.js|\.htaccess|_config\.ya?ml)",
    r"(?:\.nojekyll|cname|runtime\.txt|\.python-version|\.node-version|\.nvmrc|\.tool-versions|\.?mise\.toml|\.readthedocs\.ya?ml)",
    r"^(?:app\.json|now\.json|static\.json|heroku\.ya?ml|nixpacks\.toml|railway\.(?:toml|json)|\.buildpacks|project\.toml|caddyfile|nginx\.conf)",
    # Programs that a host runs for the site's addresses, and folders of settings for it.
    r"^(?:functions|netlify|api)/",
    r"\.(?:netlify|vercel|wrangler|platform|s2i|ebextensions)/",
)
REVIEWERS = _names("codeowners")
PACKAGES = _names(
    r"(?:pyproject\.toml|setup\.cfg|[\w.-]*(?:requirements|constraints)[\w.-]*\.(?:txt|in|lock)|pipfile(?:\.lock)?|[\w-]+\.lock)",
    r"(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|pnpm-lock\.ya?ml|pnpm-workspace\.ya?ml|environment\.ya?ml|pip\.conf|tox\.ini)",
    r"(?:\.npmrc|\.yarnrc(?:\.ya?ml)?|\.pnpmfile\.cjs|pdm\.toml|uv\.toml|gemfile)",
    r"(?:hatch\.toml|poetry\.toml|pixi\.toml|manifest\.in|pip\.ini|bunfig\.toml|bun\.lockb|deno\.jsonc?|lerna\.json|nx\.json|turbo\.json)",
    r"[^/]+\.(?:whl|egg|tgz|tar(?:\.\w+)?|zip|deb|rpm)",
    # What Python takes for an installed package: its entry points replace a plugin, an extension or a command by another program.
    r"[^/]+\.(?:dist|egg)-info/",
    r"requirements/[^/]+\.(?:txt|in)",
)
PYTHON = _names(r"[^/]+\.(?:py[cdoxiwz]?|pth|so|dll|dylib|egg-link|ipynb)", r"\.venv/", "pyvenv.cfg")
# Tables, contexts and templates of the package decide what is signed and checked, as its modules do.
LAURELS = _names("^site_builder/")
SCRIPTS = _names(
    r"(?:gnumakefile|makefile|[^/]+\.mk|justfile|rakefile|taskfile\.ya?ml|dockerfile[^/]*|[^/]+\.dockerfile|containerfile)",
    r"(?:docker-)?compose[^/]*\.ya?ml",
    r"[^/]+\.(?:sh|bash|zsh|fish|ps1|bat|cmd|[cm]?[jt]sx?|rb|pl|php|lua|go|rs|wasm|exe|jar)",
    r"[^/]+\.(?:[ckt]?csh|ksh|nu|awk|sed|tcl|raku|groovy|gradle|kts|class|psm1|vbs|wsf|hta|scr|command|desktop|elf|out|bin|appimage|el|vim|nix)",
    r"[^/]+\.(?:vue|svelte|coffee|jl|r|exs?|hs|nim|zig|swift|java|c|cc|cpp|cs|cgi|jsp|aspx?|bzl|star|tf|code-workspace)",
    r"\.?(?:pre-commit-(?:config|hooks)|lefthook(?:-local)?|gitpod|overcommit|devbox)\.(?:ya?ml|toml|json)",
    r"(?:\.envrc|\.gitconfig|\.gdbinit|\.pdbrc|\.exrc|\.n?vimrc|\.mcp\.json|vagrantfile|brewfile|sconstruct|build|workspace|cmakelists\.txt)",
    # What tests and linters are told: their plugins run.
    r"(?:\.?(?:pytest|mypy|pylint|coverage|flake8|babel|eslint|mocha|jest|swc|postcss|lintstaged|husky)(?:rc)?(?:\.config)?(?:\.(?:ini|json|ya?ml|toml))?)",
    r"(?:pom\.xml|meson\.build|tsconfig[^/]*\.json)",
    r"\.(?:husky|githooks|devcontainer|vscode|idea|cargo|zed|fleet)/",
    # A folder of programs, whatever they are called.
    r"(?:scripts|hooks|bin)/[^/.]+",
)


THEMES = re.compile("^themes/")


def find_named(state: State, *, names: re.Pattern[str], others: tuple[re.Pattern[str], ...] = ()) -> Iterator[Finding]:
    """Each file or link with such a name, unless one of the others is its row."""
    for path, kind in state.named.items():
        # A link may stand for a folder of such files.
        called = f"{path}/" if kind == LINK and names.search(f"{path}/x") else path
        if kind in (FILE, LINK) and names.search(called) and not any(other.search(called) for other in others):
            yield Finding(path, 0, "")


def find_templates(state: State) -> Iterator[Finding]:
    """All that a theme consists of: what lies in themes/, and in the folder that mkdocs.yml names."""
    folders = {
        posixpath.normpath(setting.text)
        for file in state.settings
        for setting in file.content.settings
        if setting.path[:2] == ("theme", "custom_dir") and setting.kind == "text"
    }
    for path, kind in state.kinds.items():
        if kind == FILE and (THEMES.search(path) or any(path.startswith(f"{folder}/") for folder in folders)):
            yield Finding(path, 0, "")


# Attributes of git by which a part of a change is not shown, is shown folded, is another file on the disk, or is merged by a program.
# Sources: gitattributes(5); GitHub Docs, Customizing how changed files appear on GitHub; GitLab Docs, Collapse generated files.
_HIDING = re.compile(
    r"(?:-diff|diff=\S+|binary|-text|-crlf|(?:linguist|gitlab)-generated(?:=\S+)?|linguist-vendored(?:=\S+)?|filter=\S+|-?merge(?:=\S+)?"
    r"|export-(?:ignore|subst)|working-tree-encoding=\S+|ident)"
)
# What GitHub takes for generated, and shows folded, by its place or its name, if nobody need call it so for any other reason.
# Source: the repository github-linguist/linguist, lib/linguist/generated.rb.
_FOLDED = re.compile(
    r"node_modules/|(?:^|/)Pods/|(?:^|/)Carthage/Build/|__generated__/|Godeps/|(?:^|/)\.idea/|(?:^|/)\.pnp\.|(?:^|/)(?:\w+\.)?esy.lock$"
    r"|vendor/(?:[-0-9A-Za-z]+\.)+(?:com|edu|gov|in|me|net|org|fm|io)|(?:Gopkg|glide|poetry|pdm|composer|Cargo|Pipfile)\.lock"
    r"|(?:npm-shrinkwrap|package-lock)\.json|\.nib$|\.xcworkspacedata$|\.xcuserstate$|_tlb\.pas$"
)
# The same of YAML, such as a record, by the line before its last one.
_FOLDING_LINE = "recorded_with: VCR"
# Other files that git or its host reads before it shows who changed a line, and when.
_ABOUT_HISTORY = _names(r"\.git-blame-ignore-revs", r"\.mailmap")


def find_hidden_diffs(state: State) -> Iterator[Finding]:
    """Each line of each .gitattributes that lets a host or git hide or change something, and each file that hides itself."""
    lines = [
        (path, number, line.split())
        for path, text in state.texts(
            path for path in state.named if posixpath.basename(path).lower() == ".gitattributes"
        )
        for number, line in enumerate(text.splitlines(), 1)
        if not line.lstrip().startswith("#")
    ]
    own = {words[0].removeprefix("[attr]") for _, _, words in lines if words and words[0].startswith("[attr]")}
    for path, number, words in lines:
        if words and (words[0].startswith("[attr]") or own & set(words[1:]) or any(map(_HIDING.fullmatch, words[1:]))):
            yield Finding(path, number, quoted(" ".join(words)), " ".join(words))
    for path, kind in state.named.items():
        if kind != SUBMODULE and (_ABOUT_HISTORY.search(path) or (_FOLDED.search(path) and not PACKAGES.search(path))):
            yield Finding(path, 0, "")
    for path, text in state.texts(path for path in state.named if path.endswith(".yml")):
        last = text.split("\n")[-2:]
        if _FOLDING_LINE in last[0]:
            yield Finding(path, text.count("\n"), quoted(last[0].strip()))


def find_submodules(state: State) -> Iterator[Finding]:
    """Other repositories within this one, and the file that names them."""
    for path, kind in state.named.items():
        if kind == SUBMODULE or posixpath.basename(path).lower() == ".gitmodules":
            yield Finding(path, 0, "another repository" if kind == SUBMODULE else "")


def find_outward_links(state: State) -> Iterator[Finding]:
    """Each symbolic link that leads out of its folder."""
    links = [path for path, kind in state.named.items() if kind == LINK]
    for path, raw in state.read(links).items():
        target = raw.decode("utf-8", "replace")
        if target.startswith("/") or posixpath.normpath(target).split("/")[0] == "..":
            yield Finding(path, 0, f"leads to {quoted(target)}", target)
