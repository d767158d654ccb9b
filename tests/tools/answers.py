"""answers.py SCHEMA.json < LINES: whether answers are as an OpenAPI document says.

Each line is `{"method": "post", "path": "/api/v1/lists", "status": 200, "body": …}`, with the path as the document has
it. Prints what is wrong, a line each, then how many answers were checked and how many had no schema.
"""

import json
import sys

from jsonschema import Draft202012Validator

document = json.load(open(sys.argv[1]))
checked = unknown = wrong = 0
for line in sys.stdin:
    answer = json.loads(line)
    operation = document["paths"].get(answer["path"], {}).get(answer["method"])
    if operation is None:
        print(f"{answer['method']} {answer['path']}: the document has no such operation")
        wrong += 1
        continue
    content = operation["responses"].get(str(answer["status"]), {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    if schema is None:
        unknown += 1
        continue
    checked += 1
    validator = Draft202012Validator({**schema, "components": document["components"]})
    for error in sorted(validator.iter_errors(answer["body"]), key=str):
        print(f"{answer['method']} {answer['path']}: {error.json_path} {error.message[:200]}")
        wrong += 1
print(f"{checked} checked, {unknown} without a schema, {wrong} wrong")
sys.exit(1 if wrong or not checked else 0)
