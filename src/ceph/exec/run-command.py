# Sends one command to Ceph with librados and prints the answer as one line of JSON: {"ret", "out", "outs", "connected"}.
# Standard input is JSON: {"user", "monHost", "key", "command", "input", "target", "timeoutSeconds"}. The key comes this way and no other.
import json, sys


def answer(connected, ret, out=b"", outs=""):
    print(json.dumps({"connected": connected, "ret": ret, "out": bytes(out).decode("utf-8", "replace"), "outs": str(outs)}))
    sys.exit(0)


def code(error):
    return -abs(getattr(error, "errno", 0) or 5)


asked = json.load(sys.stdin)
timeout = str(asked["timeoutSeconds"])
try:
    import rados
except ImportError as e:
    answer(False, -95, outs="the container has no Python module for librados: %s" % e)
try:
    cluster = rados.Rados(name=asked["user"], clustername="ceph", conf={
        "mon_host": asked["monHost"], "key": asked["key"], "keyring": "", "admin_socket": "", "log_file": "", "log_to_stderr": "false", "err_to_stderr": "false",
        "client_mount_timeout": timeout, "rados_mon_op_timeout": timeout, "rados_osd_op_timeout": timeout,
    })
    cluster.connect()
except Exception as e:
    answer(False, code(e), outs=e)
try:
    target, data = asked["target"], asked["input"].encode()
    if target["type"] == "mon":
        ret, out, outs = cluster.mon_command(asked["command"], data)
    elif target["type"] == "namedMon":
        ret, out, outs = cluster.mon_command(asked["command"], data, target=target["name"])
    elif target["type"] == "mgr":
        ret, out, outs = cluster.mgr_command(asked["command"], data)
    else:
        ret, out, outs = cluster.osd_command(target["id"], asked["command"], data)
except Exception as e:
    answer(True, code(e), outs=e)
answer(True, ret if ret < 0 else 0, out, outs)
