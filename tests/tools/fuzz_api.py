"""fuzz_api.py BASE_URL FOLDER SEED PERSONA...: Schemathesis asks a node what its description allows and forbids.

The personas (nobody, member, moderator, administrator) ask one after the other, so that the same seed means the same
requests. No answer may be an error of the node's own, and each must have a status, a kind, headers and a shape that the
description has for it. TOKENS in the environment are those of ada and ben, members, of night, a moderator, and of boss,
an administrator. With LONG in it, each asks much more. Whatever Schemathesis writes goes into FOLDER.

It goes to each limit that the description names, and beyond it where it may take long; then it leaves things to chance.
"""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import requests

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]
# What is left out, as a pattern of methods and addresses, and why.
LEFT_OUT = {
    "GET /api/v1/streaming": "it wants a WebSocket",
    "GET /api/v1/streaming/(?!health$).+": "its answer does not end",
}
# Who asks as whom, and how many operations must do for them what they are for: were it fewer, little would be tested.
PERSONAS = {"nobody": ("", 25), "member": ("ada", 130), "moderator": ("night", 150), "administrator": ("boss", 150)}
LONG = bool(os.environ.get("LONG"))
COMMUNITIES = ["sleep", "quiet", "closing"]
# What the ids in addresses are of.
ADDRESSES = {
    "accounts": "v[12]/(admin/)?accounts|v1/follow_requests|v1/suggestions",
    "communities": "v1/groups|v1/timelines/group",
    "posts": "(alongside/)?v1/statuses",
    "polls": "v1/polls",
    "lists": "v1/lists|v1/timelines/list",
    "filters": "v[12]/filters",
    "keywords": "v2/filters/keywords",
    "filtered": "v2/filters/statuses",
    "scheduled": "v1/scheduled_statuses",
    "media": "v1/media",
    "tags": "v1/featured_tags",
    "notifications": "v1/notifications",
    "conversations": "v1/conversations",
    "announcements": "v1/announcements",
    "reports": "v1/admin/reports",
}
# What other values are of, where chance would never hit upon a good one.
VALUES = {
    "path.account": "accounts",
    "path.post": "posts",
    "body.account_id": "accounts",
    "body.account_ids[*]": "accounts",
    "body.status_id": "posts",
    "body.in_reply_to_id": "posts",
    "body.group_id": "communities",
    "body.media_ids[*]": "media",
    "body.status": "words",
    "body.title": "words",
    "body.phrase": "words",
    "body.client_name": "words",
    "body.name": "words",
    "path.name": "words",
    "query.acct": "words",
    "body.domain": "hosts",
    "body.ip": "networks",
    "body.email": "mails",
}
WORDS = {
    "words": ["sleep", "ada", "\N{PURPLE HEART}"],
    "hosts": ["spam.example"],
    "networks": ["192.0.2.0/24"],
    "mails": ["spam@example.org"],
}
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNQaEgAAAHEAQHHmVStAAAAAElFTkSuQmCC"


class Node:
    """The node, and who is known there."""

    def __init__(self, base, tokens):
        self.base, self.tokens = base, tokens
        find = lambda name: self.ask("ada", "GET", f"/api/v1/accounts/lookup?acct={name}")["id"]
        self.people = {name: find(name) for name in tokens}
        self.communities = {name: find(name) for name in COMMUNITIES}

    def ask(self, handle, method, path, files=None, **body):
        headers = {"Authorization": f"Bearer {self.tokens[handle]}"}
        answer = requests.request(method, self.base + path, headers=headers, json=body or None, files=files, timeout=30)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()


def main():
    base, folder, seed, asking = sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4:]
    node = Node(base, json.loads(os.environ["TOKENS"]))
    things = {handle: fill(node, handle) for handle in node.tokens}
    failed = [who for who in asking if not passes(node, folder, seed, who, things)]
    print(f"seed {seed}, failed: {', '.join(failed) or 'none'}")
    sys.exit(1 if failed else 0)


def fill(node, handle):
    """Has a member make something of each kind; gives the ids by what they are of."""
    make = lambda path, **body: node.ask(handle, "POST", path, **body)
    others = [number for name, number in node.people.items() if name != handle]
    for other in [*others, *node.communities.values()]:
        make(f"/api/v1/accounts/{other}/follow")
    post = lambda status, **more: make("/api/v1/statuses", status=status, **more)
    asleep = post("awake at two #sleep @ada @ben @night @boss")
    poll = post("tea?", poll={"options": ["yes", "no"], "expires_in": 3600})
    posts = [asleep, poll, post("so am I", in_reply_to_id=asleep["id"]), post("@sleep hello"), post("@quiet hello")]
    posts += [post(f"between us @{name}", visibility="direct") for name in node.tokens if name != handle]
    hidden = make("/api/v2/filters", title="No", context=["home"], keywords_attributes=[{"keyword": "no"}])
    made = {
        "posts": posts,
        "polls": [poll["poll"]],
        "lists": [make("/api/v1/lists", title="Night") for _ in range(2)],
        "filters": [hidden],
        "keywords": hidden["keywords"],
        "filtered": [make(f"/api/v2/filters/{hidden['id']}/statuses", status_id=asleep["id"])],
        "scheduled": [post("later", scheduled_at="2099-01-01T00:00:00Z") for _ in range(2)],
        "media": [make("/api/v2/media", files={"file": ("a.png", base64.b64decode(PICTURE))}) for _ in range(2)],
        "tags": [make("/api/v1/featured_tags", name=name) for name in ["sleep", "tea"]],
        "announcements": node.ask(handle, "GET", "/api/v1/announcements"),
    }
    make("/api/v1/reports", account_id=others[0], status_ids=[], comment="unkind")
    ids = {kind: [thing["id"] for thing in kept] for kind, kept in made.items()}
    return ids | {"accounts": others, "communities": list(node.communities.values())}


def passes(node, folder, seed, who, things):
    """Lets one of the personas ask."""
    handle, fewest = PERSONAS[who]
    ids = dict(things[handle or "ada"])
    lists = {"notifications": handle, "conversations": handle}
    lists |= {"admin/reports": "night", "admin/reports?resolved=true": "night"}
    for path, reader in lists.items():
        found = [one["id"] for one in node.ask(reader or "ada", "GET", f"/api/v1/{path}")]
        kind = path.removeprefix("admin/").split("?")[0]
        ids[kind] = ids.get(kind, []) + found
    settings, report = folder / f"{who}.toml", folder / f"{who}.ndjson"
    settings.write_text("\n".join(configuration(ids)), encoding="utf-8")
    command = [Path(sys.executable).with_name("schemathesis"), "--config-file", settings, "run"]
    command += [f"{node.base}/api/openapi.json", "--url", node.base, "--checks", ",".join(CHECKS), "--seed", seed]
    command += ["--phases", "coverage,fuzzing", "--max-examples", "15" if LONG else "1", "--workers", "1"]
    command += ["--max-redirects", "0", "--request-timeout", "20", "--warnings", "off", "--no-color"]
    command += ["--report", "ndjson", "--report-ndjson-path", report]
    if handle:
        command += ["--header", f"Authorization: Bearer {node.tokens[handle]}"]
    ran = subprocess.run(command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if ran.returncode != 0:
        print(ran.stdout)
    asked, done = answered(report)
    print(f"{who}: {asked} operations were asked for, {done} did what they are for")
    if done < fewest:
        print(f"At least {fewest} should have: is the token still good, are the things still there?")
    return ran.returncode == 0 and done >= fewest


def configuration(ids):
    """Settings in which most of what is asked for is there, and is nobody's own account or token."""
    yield from ["continue-on-failure = true", "[cache]", "enabled = false", "[generation]", 'database = "none"']
    yield from ["[phases.coverage]", "unexpected-methods = []"]
    yield from [] if LONG else ["[phases.coverage.generation]", 'mode = "positive"']
    yield from ["[generation.dictionaries]", 'string = { dictionary = "ids", probability = 0.2 }', "[dictionaries]"]
    known = {kind: kept for kind, kept in ids.items() if kept}
    for kind, kept in {**known, **WORDS, "ids": list(dict.fromkeys(sum(known.values(), [])))}.items():
        yield f"{kind} = {{ values = {json.dumps(kept, ensure_ascii=False)} }}"
    yield "[parameters]"
    for name, kind in VALUES.items():
        yield f'"{name}" = {{ dictionary = "{kind}", probability = 0.7 }}'
    for address, why in LEFT_OUT.items():
        yield from ["[[operations]]", f"include-name-regex = {json.dumps(f'^{address}$')}", f"enabled = false # {why}"]
    for kind in known:
        yield from ["[[operations]]", f"include-path-regex = {json.dumps(f'^/api/({ADDRESSES[kind]})/[{{]id')}"]
        yield f'parameters = {{ "path.id" = {{ dictionary = "{kind}", probability = 0.8 }} }}'


def answered(report):
    """How many operations were asked for, and how many of them were answered with what they are for."""
    asked, done = set(), set()
    for line in report.open():
        told = json.loads(line).get("ScenarioFinished", {}).get("recorder")
        for interaction in told["interactions"].values() if told else []:
            asked.add(told["label"])
            if (interaction.get("response") or {}).get("status_code", 500) < 300:
                done.add(told["label"])
    return len(asked), len(done)


if __name__ == "__main__":
    main()
