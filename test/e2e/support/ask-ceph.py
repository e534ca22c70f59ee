# Gives rows of commands to Ceph as librados sends them, all rows at once, each in order, and prints what it says: [[[errno or 0, words], …], …].
# Standard input is JSON: [[{"command": {…}, "input": "…", "target": "mon" | "mgr"} | "wait", …], …]. "wait": until every pool has been made.
# Fails where Ceph does not answer a command.
import json, sys, time
from concurrent.futures import ThreadPoolExecutor

import rados

cluster = rados.Rados(conffile="/etc/ceph/ceph.conf", name="client.admin", conf={"rados_mon_op_timeout": "60", "rados_osd_op_timeout": "60"})
cluster.connect(timeout=30)


def say(step):
    send = cluster.mgr_command if step.get("target") == "mgr" else cluster.mon_command
    command = json.dumps({"format": "json", **step["command"]})
    try:
        ret, _, words = send(command, step.get("input", "").encode())
        return [min(ret, 0), str(words)]
    except rados.TimedOut:
        raise SystemExit("Ceph does not answer to " + command)
    except rados.Error as error:
        return [-abs(error.errno or 5), str(error)]


def wait():
    for _ in range(300):
        _, out, _ = cluster.mon_command(json.dumps({"prefix": "osd dump", "format": "json"}), b"")
        if not any("creating" in pool["flags_names"] for pool in json.loads(out)["pools"]):
            return [0, ""]
        time.sleep(0.1)
    raise SystemExit("some pool is being made for 30 s")


def ask(row):
    return [wait() if step == "wait" else say(step) for step in row]


rows = json.load(sys.stdin)
with ThreadPoolExecutor(len(rows)) as threads:
    print(json.dumps(list(threads.map(ask, rows))))
