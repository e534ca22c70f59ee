# Looks at this node's block devices, makes an OSD on each wanted device that is empty, and says what it found.
#
# Comes after devices.py in the same program. Environment: WANTED (JSON, see prepare-job.ts), CEPH_ARGS and /etc/ceph for the connection.
# Answer (termination message, compact JSON): {"osds": [[id, uuid, device, class]], "refused": [[device, code, arguments…]], "more": N}
# with one entry for every OSD of this cluster that is on this node, new or old.
#
# A device is written to only when nothing was found on it: no signature, partition table, partition, holder, mount; and it is
# held exclusively (O_EXCL) while it is looked at and while the OSD is made, so that nothing can begin to use it in between. The one exception
# is another cluster's OSD where the spec wants such wiped.
import base64, glob, shutil, struct, time

MINIMUM = 5 * 1024 ** 3  # ceph-volume's own lower limit


class Foreign(Refused):
    """Another cluster's OSD is there."""

    def __init__(self, fsid):
        super().__init__("foreign", fsid)
        self.fsid = fsid


def named(entry):
    """The device that an entry of `devices` names, or None."""
    name = entry.get("fullpath") or entry.get("name") or ""
    path = name if name.startswith("/") else "/dev/" + name
    try:
        path = os.path.realpath(path)
        if stat.S_ISBLK(os.stat(path).st_mode):
            return Device(path)
    except OSError:
        pass
    return None


def mounts():
    found = {}
    for process in ("/proc/1/mountinfo", "/proc/self/mountinfo"):
        for line in read(process).splitlines():
            fields = line.split()
            found.setdefault(fields[2], fields[4])
    for line in read("/proc/swaps").splitlines()[1:]:
        try:
            info = os.stat(line.split()[0])
            found["%d:%d" % (os.major(info.st_rdev), os.minor(info.st_rdev))] = "swap"
        except OSError:
            pass
    return found


def signature(path):
    """What libblkid sees on the device: a code and its argument, or None. Told apart from not being able to look."""
    probe = run("blkid", "--probe", "--output", "export", path)
    if probe.returncode == 2:
        return None
    if probe.returncode != 0 and not probe.stdout:
        return "ambivalent", probe.stderr.strip() or "ambivalent result"
    values = dict(line.split("=", 1) for line in probe.stdout.splitlines() if "=" in line)
    if "TYPE" in values:
        kind = values["TYPE"]
        if values.get("USAGE") == "filesystem":
            return "fileSystem", kind
        return "signature", kind
    if "PTTYPE" in values:
        return "partitionTable", values["PTTYPE"]
    return ("signatureFields", ", ".join(sorted(values))) if len(values) > 1 else None


def inspect(device, mounted, asked_by_name):
    """Returns the OSD's label where it is an OSD of this cluster, None where it is empty; raises Refused."""
    kind = device.kind()
    own = label(device.path)
    if own is not None:
        if own.get("ceph_fsid") == WANTED["fsid"]:
            return own
        if own.get("ceph_fsid"):
            raise Foreign(own["ceph_fsid"])
        if own.get("osd_uuid") not in own_uuids(device):
            raise Refused("unfinished")
        # mkfs of this cluster, on this device, was cut off: the uuid proves it, and nothing was ever stored
        return None
    if kind == "loop" and not asked_by_name:
        raise Refused("loop")
    if kind == "lvm":
        raise Refused("lvm")
    if kind in ("crypt", "dm", "rbd", "nbd", "zram", "ram", "drbd", "sr", "fd"):
        raise Refused("type", kind)
    if device.number in mounted:
        raise Refused("mounted", mounted[device.number]) if mounted[device.number] != "swap" else Refused("swap")
    parts = sorted(os.path.basename(os.path.dirname(p)) for p in glob.glob(device.sys + "/*/partition"))
    if parts:
        raise Refused("partitions", ", ".join(parts[:4]))
    holders = sorted(os.listdir(device.sys + "/holders")) if os.path.isdir(device.sys + "/holders") else []
    if holders:
        raise Refused("held", ", ".join(holders[:4]))
    found = signature(device.path)
    if found:
        raise Refused(*found)
    if read(device.sys + "/ro") == "1":
        raise Refused("readOnly")
    if device.size() < MINIMUM:
        raise Refused("tooSmall", "%.1f" % (device.size() / 1024 ** 3))
    return None


def make_room(device, foreign, asked_by_name):
    """
    Wipes another cluster's OSD, where the spec wants that (cleanupPolicy.wipeDevicesFromOtherClusters) and it is not of a cluster that is known
    to live. Raises Refused.
    """
    keep = WANTED.get("wipeOthersBut")
    kind = device.kind()
    if keep is None or foreign.fsid in keep or kind not in ("disk", "part", "loop") or (kind == "loop" and not asked_by_name):
        raise foreign
    handle = hold(device)
    try:
        log(device.path, "is wiped: it carried an OSD of the cluster", foreign.fsid)
        wipe(device, handle)
    finally:
        os.close(handle)


def selected():
    """Pairs of a wanted device (or the name of one that is not there) and its entry's settings."""
    found, seen = [], set()
    if WANTED["devices"]:
        for entry in WANTED["devices"]:
            device = named(entry)
            if device is None:
                found.append((entry.get("fullpath") or entry.get("name"), entry))
            elif device.number not in seen:
                seen.add(device.number)
                found.append((device, entry))
        return found
    for device in devices():
        if WANTED["deviceFilter"]:
            wanted = re.search(WANTED["deviceFilter"], device.name)
        elif WANTED["devicePathFilter"]:
            wanted = any(re.search(WANTED["devicePathFilter"], path) for path in [device.path] + device.links())
        else:
            wanted = WANTED["useAllDevices"]
        # a loop device that nobody asked for is not worth a word; one that a filter matches is
        if wanted and device.number not in seen and not (device.kind() == "loop" and not WANTED["deviceFilter"] and not WANTED["devicePathFilter"]):
            seen.add(device.number)
            found.append((device, {}))
    return found


class Cluster:
    """The commands this needs of the mons, through librados: starting the ceph CLI costs a fifth of a second each time."""

    def __init__(self):
        import rados
        self.rados = rados.Rados(name="client.admin", conffile="/etc/ceph/ceph.conf", conf={"keyring": "/etc/ceph/admin-keyring-store/keyring"})
        self.rados.connect(timeout=60)

    def command(self, prefix, data=b"", **arguments):
        code, out, words = self.rados.mon_command(json.dumps(dict(arguments, prefix=prefix, format="json")), data)
        if code:
            raise RuntimeError("%s: %s (%d)" % (prefix, words, code))
        return json.loads(out) if out else None


def make_key():
    kind, length = {"aes": (1, 16), "aes256k": (2, 32)}[WANTED["keyType"]]
    return base64.b64encode(struct.pack("<HIIH", kind, int(time.time()), 0, length) + os.urandom(length)).decode()


def osd_uuid(device, known, taken):
    """The same uuid for the same unfinished device on every try, so that a try that was cut off leaves no OSD id behind."""
    for value in own_uuids(device):
        state = known.get(value)
        if value not in taken and (state is None or state["never_up"]):
            return value
    raise RuntimeError("no free uuid for %s" % device.path)


def make(device, entry, cluster, taken):
    dump = cluster.command("osd dump")
    known = {o["uuid"]: {"id": o["osd"], "never_up": o.get("up_from", 0) == 0} for o in dump["osds"]}
    value = osd_uuid(device, known, taken)
    key = make_key()
    if value in known:
        # an earlier try was cut off after the id was given and before the OSD ever ran: take the id back and ask anew
        cluster.command("osd purge-new", id=known[value]["id"], yes_i_really_mean_it=True)
    secrets = {"cephx_secret": key}
    device_class = entry.get("deviceClass") or WANTED.get("deviceClass")
    if device_class:
        secrets["crush_device_class"] = device_class
    answer = cluster.command("osd new", json.dumps(secrets).encode(), uuid=value)
    number = answer["osdid"]
    log("osd.%d is to be on %s (uuid %s)" % (number, device.path, value))
    data = "/var/lib/ceph/osd/ceph-%d" % number
    shutil.rmtree(data, ignore_errors=True)
    os.makedirs(data)
    shutil.chown("/var/lib/ceph/osd", "ceph", "ceph")
    shutil.chown(data, "ceph", "ceph")
    os.symlink(device.path, data + "/block")
    shutil.chown(device.path, "ceph", "ceph")
    with open(data + "/keyring", "w") as f:
        os.fchmod(f.fileno(), 0o600)
        f.write("[osd.%d]\n\tkey = %s\n" % (number, key))
    shutil.chown(data + "/keyring", "ceph", "ceph")
    command = ["ceph-osd", "--mkfs", "--no-mon-config", "-i", str(number), "--osd-uuid", value, "--osd-data", data, "--osd-objectstore", "bluestore",
               "--fsid", WANTED["fsid"], "--keyfile", "-", "--setuser", "ceph", "--setgroup", "ceph"]
    made = run(*command, input=key)
    if made.returncode != 0:
        log(made.stdout, made.stderr)
        raise Refused("mkfsFailed", str(made.returncode), "".join(made.stderr.strip().splitlines()[-1:]))
    return [number, value, device.path, device_class or ""]


def answer(osds, refused):
    more = 0
    while True:
        text = json.dumps({"osds": osds, "refused": refused, "more": more}, separators=(",", ":"))
        if len(text.encode()) <= 4000 or not refused:
            break
        refused = refused[:-1]
        more += 1
    log(text)
    with open(ANSWER, "w") as f:
        f.write(text)


def main():
    mounted, osds, refused, empty = mounts(), [], [], []
    by_name = bool(WANTED["devices"])
    seen = set()
    for device, entry in selected():
        if isinstance(device, str):
            refused.append([device, "absent"])
            continue
        seen.add(device.number)
        try:
            try:
                own = inspect(device, mounted, by_name)
            except Foreign as foreign:
                make_room(device, foreign, by_name)
                own = inspect(device, mounted, by_name)
            if own is None:
                empty.append((device, entry))
            else:
                osds.append([int(own["whoami"]), own["osd_uuid"], device.path, ""])
        except Refused as why:
            refused.append([device.path] + why.answer)
        except Exception as e:
            refused.append([device.path, "unreadable", str(e)])
    # OSDs of this cluster stay its OSDs, whatever the selection has become
    for device in devices():
        if device.number not in seen:
            try:
                own = label(device.path)
                if own and own.get("ceph_fsid") == WANTED["fsid"]:
                    osds.append([int(own["whoami"]), own["osd_uuid"], device.path, ""])
            except Exception:
                continue
    if empty:
        cluster = Cluster()
        for device, entry in empty:
            handle = None
            try:
                handle = hold(device)
                inspect(device, mounts(), by_name)
                # mkfs opens the device itself, and exclusively: hand over only now
                os.close(handle)
                handle = None
                osds.append(make(device, entry, cluster, {o[1] for o in osds}))
            except Refused as why:
                refused.append([device.path] + why.answer)
            finally:
                if handle is not None:
                    os.close(handle)
    answer(osds, refused)


main()
