# Takes what a deleted cluster has left on this node away: its OSDs' devices and its folders. What is another's is left as it is.
#
# Comes after devices.py in the same program. Environment: WANTED (JSON, see build/cleanup-job.ts). The cluster's mon key is in
# /etc/ceph-identity/mon-secret, the node's dataDirHostPath at /data-dir.
# Answer (termination message, compact JSON): {"wiped": [device], "removed": [folder], "kept": [[folder, why]]}; a sentence where it failed.
#
# It can be cut off anywhere and run again: a device loses what it is known by last, and a mon's folder its key.
import glob, shutil
from concurrent.futures import ThreadPoolExecutor

DATA = "/data-dir"
# reading some devices may hang, and none of these can be an OSD's
UNREAD = ("rbd", "nbd", "zram", "ram", "drbd", "sr", "fd")
mon_key = read("/etc/ceph-identity/mon-secret")


def fail(words):
    log(words)
    with open(ANSWER, "w") as f:
        f.write(words[:4000])
    sys.exit(1)


def label_of(device):
    try:
        return None if device.kind() in UNREAD else label(device.path)
    except OSError as e:
        log(device.path, "could not be read:", e)
        return None


def is_ours(device, found, uuids):
    if found is None:
        return False
    if found.get("ceph_fsid"):
        return found["ceph_fsid"] == WANTED["fsid"]
    # an OSD that was never finished, and the database beside an OSD, have no cluster's fsid on them
    return found.get("osd_uuid") in uuids or found.get("osd_uuid") in own_uuids(device)


def sanitize(device, handle):
    """Overwrites everything behind the label as often as is wanted; the rest is `wipe`'s."""
    block = os.urandom if WANTED["dataSource"] == "random" else bytes
    size = device.size()
    for turn in range(WANTED["iteration"]):
        log(device.path, "is overwritten,", turn + 1, "of", WANTED["iteration"])
        overwrite(handle, 4096, size, block, flush=True)


def clean(device, uuids):
    """Why the device could not be wiped, or None."""
    try:
        # its other path may have been wiped meanwhile
        if not is_ours(device, label_of(device), uuids):
            return None
        handle = hold(device)
        try:
            if WANTED["method"] == "complete":
                sanitize(device, handle)
            wipe(device, handle)
        finally:
            os.close(handle)
        log(device.path, "is wiped")
        if device.kind() == "lvm":
            zapped = run("ceph-volume", "lvm", "zap", "--destroy", device.path)
            if zapped.returncode != 0:
                return "%s could not be taken out of LVM: %s" % (device.path, zapped.stderr.strip().splitlines()[-1:])
        return None
    except Refused as why:
        if why.answer == ["inUse"]:
            return "%s is in use by another process of the node" % device.path
        return "%s cannot be opened: %s" % (device.path, why.answer[-1])
    except OSError as e:
        return "%s could not be overwritten: %s" % (device.path, e.strerror)


def clean_devices():
    found = [(device, label_of(device)) for device in devices()]
    uuids = {own["osd_uuid"] for _, own in found if own and own.get("ceph_fsid") == WANTED["fsid"] and own.get("osd_uuid")}
    ours = [device for device, own in found if is_ours(device, own, uuids)]
    # a device that lies over others goes first
    over = [device for device in ours if device.name.startswith("dm-")]
    under = [device for device in ours if device not in over]
    failures = [clean(device, uuids) for device in over]
    with ThreadPoolExecutor(max_workers=32) as pool:
        failures += pool.map(lambda device: clean(device, uuids), under)
    return [device.path for device in ours], [failure for failure in failures if failure]


def key_in(keyring):
    inside = re.search(r"^\[mon\.\]$(.*?)(?=^\[|\Z)", read(keyring), re.M | re.S)
    key = inside and re.search(r"^\s*key\s*=\s*(\S+)", inside.group(1), re.M)
    return key.group(1) if key else None


def why_kept(folder):
    """Why a mon's folder is not removed, or None where it is this cluster's, or has no store."""
    data = folder + "/data"
    key = key_in(data + "/keyring") or key_in(data + "/new/keyring")
    if key:
        return None if key == mon_key else "is a mon's of another cluster"
    has_store = os.path.exists(data + "/store.db") or os.path.exists(data + "/new/store.db")
    return "has a mon's store without a keyring, so it cannot be told whose it is" if has_store else None


def real(path):
    return WANTED["dataDir"] + path[len(DATA):]


def remove_mon(folder):
    # the key, by which it is known to be ours, goes last
    data = folder + "/data"
    for path in glob.glob(glob.escape(data) + "/*"):
        if os.path.basename(path) == "keyring":
            continue
        shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
    shutil.rmtree(folder)


def clean_folders():
    removed, kept = [], []
    for folder in sorted(glob.glob(DATA + "/mon-*")):
        if os.path.islink(folder) or not os.path.isdir(folder):
            continue
        why = why_kept(folder)
        if why:
            kept.append([real(folder), why])
        else:
            remove_mon(folder)
            removed.append(real(folder))
    # only what Ceph and its operators put there: dataDirHostPath and namespace together may name any folder of the node
    own = DATA + "/" + WANTED["namespace"]
    names = ["log", "crash", "*.config", "*.keyring", WANTED["fsid"] + "_*"]
    for path in sorted(path for name in names for path in glob.glob(glob.escape(own) + "/" + name)):
        shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
    if os.path.isdir(own) and not os.path.islink(own):
        if os.listdir(own):
            kept.append([real(own), "has other files in it"])
        else:
            os.rmdir(own)
            removed.append(real(own))
    # sockets of all clusters that have this folder
    if os.listdir(DATA) == ["exporter"]:
        shutil.rmtree(DATA + "/exporter")
        removed.append(real(DATA + "/exporter"))
    return removed, kept


def main():
    if not mon_key:
        fail("the cluster's mon key is not known: which of the node's folders are its own cannot be told")
    wiped, failures = clean_devices()
    if failures:
        fail("could not clean: " + "; ".join(failures))
    try:
        removed, kept = clean_folders()
    except OSError as e:
        fail("could not remove %s: %s" % (e.filename, e.strerror))
    text = json.dumps({"wiped": wiped, "removed": removed, "kept": kept}, separators=(",", ":"))
    log(text)
    with open(ANSWER, "w") as f:
        f.write(text if len(text) <= 4000 else json.dumps({"wiped": [], "removed": [], "kept": []}))


main()
