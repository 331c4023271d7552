"""Many clients at once, and a kill in the middle: nothing that was acknowledged is missing afterwards."""

import os
import random
import signal
import threading
import time

from anthropic import APIConnectionError, APIStatusError, ConflictError
from conftest import Sandbox

CLIENTS = 32
# How long they go on before the kill, and how much they must have made by then.
SECONDS = float(os.environ.get("SANDBOX_SECONDS", "4"))
LEAST = 150


def test_thirty_two_clients_and_a_kill(tmp_path):
    state = str(tmp_path / "state.jsonl")
    box = Sandbox("--state", state)
    made, archived, described, names, faults = {}, set(), {}, [], []
    lock = threading.Lock()
    fixed = [box.admin.organization.service_accounts.create(name=f"fixed-{number}").id for number in range(30)]

    def work(number, accounts):
        dice, mine = random.Random(number), []
        while True:
            try:
                act = dice.choice(["create", "create", "update", "archive", "list", "clash"])
                if act == "create":
                    name = f"client-{number}-{len(mine)}"
                    account = accounts.create(name=name)
                    mine.append(account.id)
                    with lock:
                        made[account.id] = name
                elif act == "clash":
                    # All race for the same few names; each may be won once.
                    name = f"shared-{dice.randrange(40)}"
                    account = accounts.create(name=name)
                    with lock:
                        names.append(name)
                        made[account.id] = name
                elif act == "update" and mine:
                    which, text = dice.choice(mine), f"{number} {dice.random()}"
                    if which not in archived:
                        accounts.update(which, description=text)
                        with lock:
                            described[which] = text
                elif act == "archive" and len(mine) > 3:
                    which = mine[0]
                    accounts.archive(which)
                    with lock:
                        archived.add(which)
                    mine.pop(0)
                elif act == "list":
                    seen = [account.id for account in accounts.list(limit=50, include_archived=True)]
                    if len(seen) != len(set(seen)) or not set(fixed) <= set(seen):
                        faults.append("a list with a gap or a repeat")
            except ConflictError:
                pass
            except APIConnectionError:
                return
            except APIStatusError as error:
                faults.append(str(error))

    clients = [box.admin.organization.service_accounts for _ in range(CLIENTS)]
    threads = [threading.Thread(target=work, args=each) for each in enumerate(clients)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    while time.monotonic() - start < SECONDS or len(made) < LEAST and time.monotonic() - start < 60:
        time.sleep(0.05)
    # In the middle of it all.
    box.process.send_signal(signal.SIGKILL)
    for thread in threads:
        thread.join()
    box.process.wait()
    assert not faults and len(names) == len(set(names)) and len(made) >= LEAST

    again = Sandbox("--state", state, "--seed", "2")
    try:
        found = {account.id: account for account in again.admin.organization.service_accounts.list(limit=100, include_archived=True)}
        assert {account: found[account].name for account in made} == made
        assert set(fixed) <= set(found)
        assert all(found[account].archived_at for account in archived)
        assert len({account.name for account in found.values()}) == len(found)
        # A change whose answer was lost in the kill may stand; one that was answered must, unless a later one does.
        for account, text in described.items():
            assert found[account].description is not None
            assert found[account].description == text or found[account].description.split(" ")[0] == text.split(" ")[0]
        told = {row["service_account_id"] for row in again.feed(**{"activity_types[]": "platform_service_account_created"})}
        assert set(made) <= told
    finally:
        again.stop()
