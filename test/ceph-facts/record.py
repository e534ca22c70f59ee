# Prints what a running Ceph tells of its commands and options: names, types, ranges and the words that it takes; no descriptions. A fact a line.
import json, time

import rados

cluster = rados.Rados(conffile="/etc/ceph/ceph.conf", name="client.admin")
cluster.connect(timeout=30)
# of what a simulated Ceph knows something
families = {"auth", "config", "config-key", "dashboard", "df", "fs", "fsid", "health", "mds", "mgr", "mon", "osd", "pg", "quorum_status", "status", "versions"}
types = {"CephBool": "bool", "CephChoices": "text", "CephFloat": "float", "CephInt": "int", "CephOsdName": "int"}


def ask(prefix, **arguments):
    ret, out, words = cluster.mon_command(json.dumps({"prefix": prefix, "format": "json", **arguments}), b"", timeout=30)
    if ret != 0:
        raise SystemExit("%s: %s" % (prefix, words))
    return json.loads(out)


def tell(prefix):
    ret, out, words = cluster.mon_command(json.dumps({"prefix": prefix, "format": "json"}), b"", timeout=30, target="a")
    if ret != 0:
        raise SystemExit("%s: %s" % (prefix, words))
    return json.loads(out)


def argument(given):
    words = [given["name"], types.get(given["type"], "text")]
    if given.get("n") == "N":
        words.append("many")
    if given.get("req") is False:
        words.append("optional")
    if "strings" in given:
        words.append("words=" + given["strings"].replace("|", ","))
    if "range" in given:
        words.append("range=" + given["range"].replace("|", ".."))
    if "goodchars" in given:
        words.append("characters=" + given["goodchars"])
    return " ".join(words)


def limits(option, words):
    for key in ("min", "max"):
        if option.get(key) not in (None, ""):
            words.append("%s=%s" % (key, option[key]))
    allowed = option.get("enum_values") or option.get("enum_allowed")
    if allowed:
        words.append("words=" + ",".join(allowed))
    return words


def modules():
    """The mgr's modules, once it has told of all that it loads."""
    known, since = [], time.monotonic()
    while time.monotonic() - since < 5:
        found = ask("mgr dump")["available_modules"]
        if len(found) != len(known):
            known, since = found, time.monotonic()
        time.sleep(0.5)
    return known


lines = []
for described in ask("get_command_descriptions").values():
    signature = described["sig"]
    prefix = " ".join(part for part in signature if isinstance(part, str))
    if prefix.split(" ")[0] in families:
        lines.append("\t".join(["command", prefix] + [argument(part) for part in signature if not isinstance(part, str)]))
for name in ask("config ls"):
    option = ask("config help", key=name)
    words = limits(option, ["option", name, option["type"]])
    if "no_mon_update" in option.get("flags", []):
        words.append("elsewhere")
    lines.append("\t".join(words))
for name in tell("config show"):
    # levels of logging are no options of their own
    if name.startswith("debug_"):
        lines.append("option\t%s\tlevel" % name)
for module in modules():
    for option in module["module_options"].values():
        lines.append("\t".join(limits(option, ["option", "mgr/%s/%s" % (module["name"], option["name"]), option["type"]])))
print("\n".join(sorted(set(lines))))
