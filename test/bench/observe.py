"""Tells, as a client of the Ceph cluster, what it has reached and when: one JSON line for each new answer to `status`.

Arguments: mon_host, and the admin's key. Ends when its standard output is closed.
"""
import json
import sys
import time

import rados

mon_host, key = sys.argv[1:3]
settings = {"mon_host": mon_host, "key": key, "client_mount_timeout": "1", "mon_client_hunt_interval": "0.2", "log_to_stderr": "false"}


def connect():
    while True:
        client = rados.Rados(name="client.admin", conf=settings)
        try:
            client.connect(timeout=2)
            return client
        except rados.Error:
            client.shutdown()
            time.sleep(0.05)


client, before = connect(), None
while True:
    code, out, _ = client.mon_command(json.dumps({"prefix": "status", "format": "json"}), b"", timeout=5)
    if code == 0:
        status = json.loads(out)
        seen = {
            "quorum": len(status["quorum"]),
            "mgr": status["mgrmap"]["available"],
            "osdsUp": status["osdmap"]["num_up_osds"],
            "osdsIn": status["osdmap"]["num_in_osds"],
            "pgs": status["pgmap"]["num_pgs"],
            "clean": sum(state["count"] for state in status["pgmap"]["pgs_by_state"] if state["state_name"] == "active+clean"),
            "health": status["health"]["status"],
        }
        if seen != before:
            print(json.dumps({"time": time.time() * 1000, **seen}), flush=True)
            before = seen
    time.sleep(0.1)
