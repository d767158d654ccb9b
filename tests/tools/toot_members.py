"""A plugin of pytest for toot's own integration tests: members for a node on which nobody signs up by themselves.

Each test wants members nobody else has. They are made on the command line of the node, in ALONGSIDE with the settings in
SETTINGS; the suite's application then draws a token with their password, which a node on loopback may be told to allow.
"""

import os
import subprocess
import sys
import time
import uuid

import pytest
import requests

SCOPES = "read write follow"


def member(app):
    """A new member, as the suite wants it."""
    from tests.integration.conftest import PASSWORD
    from toot import User

    name = uuid.uuid4().hex[:10]
    email = f"{name}@example.com"
    command = [os.environ["ALONGSIDE"], "account", "create", name, "--email", email, "--password", PASSWORD]
    subprocess.run([*command, "--config", os.environ["SETTINGS"]], check=True, capture_output=True)
    asked = {"grant_type": "password", "username": email, "password": PASSWORD, "scope": SCOPES}
    asked |= {"client_id": app.client_id, "client_secret": app.client_secret}
    answer = requests.post(f"{app.base_url}/oauth/token", data=asked)
    answer.raise_for_status()
    return User(app.instance, name, answer.json()["access_token"])


def pytest_collection_modifyitems(items):
    """Leaves out those named in LEFT_OUT, and makes members in every module: each has taken the function for itself."""
    left_out = os.environ.get("LEFT_OUT", "").split()
    items[:] = [item for item in items if f"{item.path.name}::{item.name}" not in left_out]
    for module in list(sys.modules.values()):
        if module.__name__.startswith("tests.integration") and hasattr(module, "register_account"):
            module.register_account = member


@pytest.fixture(autouse=True)
def within_a_minute(request):
    """One test compares minutes that were read one after the other: it does not begin as one ends."""
    if request.node.name == "test_post_scheduled_in" and time.time() % 60 > 40:
        time.sleep(60 - time.time() % 60)
