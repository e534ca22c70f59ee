# What the programs that look at a node's block devices have in common. It comes before them, as one program.
#
# Environment: WANTED (JSON) with at least fsid and node.
import errno, fcntl, json, os, re, stat, subprocess, sys, uuid

WANTED = json.loads(os.environ["WANTED"])
LABEL = b"bluestore block device"
ANSWER = "/tmp/termination-log"
MiB = 1024 ** 2
GiB = 1024 ** 3


class Refused(Exception):
    """A device is left as it is: `answer` is a code and its arguments. The operator has the words, in osd/device-refusal.ts."""

    def __init__(self, code, *arguments):
        super().__init__(code, *arguments)
        self.answer = [code] + list(arguments)


def run(*command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def log(*words):
    print(*words, flush=True)


def read(path):
    try:
        with open(path) as f:
            return f.read().strip()
    except OSError:
        return ""


class Device:
    """A block device of this node: `path` is how it is named here, `sys` its folder in /sys."""

    def __init__(self, path):
        self.path = path
        info = os.stat(path)
        self.number = "%d:%d" % (os.major(info.st_rdev), os.minor(info.st_rdev))
        self.sys = os.path.realpath("/sys/dev/block/" + self.number)
        self.name = os.path.basename(self.sys)

    def kind(self):
        if os.path.exists(self.sys + "/partition"):
            return "part"
        if self.name.startswith("loop"):
            return "loop"
        if self.name.startswith("dm-"):
            prefix = read(self.sys + "/dm/uuid").split("-")[0].lower()
            return {"lvm": "lvm", "mpath": "mpath", "crypt": "crypt"}.get(prefix, "dm")
        for prefix in ("rbd", "nbd", "zram", "ram", "drbd", "sr", "fd"):
            if re.match(prefix + r"\d", self.name):
                return prefix
        return "disk"

    def size(self):
        return int(read(self.sys + "/size") or 0) * 512

    def links(self):
        found = []
        for line in read("/run/udev/data/b" + self.number).splitlines():
            if line.startswith("S:"):
                found.append("/dev/" + line[2:])
        return found


def devices():
    found = []
    for folder, _, files in os.walk("/dev", followlinks=False):
        if folder.startswith(("/dev/shm", "/dev/pts", "/dev/mqueue", "/dev/hugepages")):
            continue
        for name in files:
            path = os.path.join(folder, name)
            try:
                info = os.lstat(path)
            except OSError:
                continue
            if stat.S_ISBLK(info.st_mode):
                device = Device(path)
                if os.path.isdir(device.sys) and device.size() > 0:
                    found.append(device)
    return sorted(found, key=lambda d: d.path)


def label(path):
    """BlueStore's label: {"osd_uuid", "whoami", "ceph_fsid"…}, or None."""
    with open(path, "rb") as f:
        if not f.read(len(LABEL)) == LABEL:
            return None
    shown = run("ceph-bluestore-tool", "show-label", "--dev", path)
    try:
        return next(iter(json.loads(shown.stdout).values()))
    except (ValueError, StopIteration):
        return {}


def hold(device):
    """Opens and locks exclusively, as a mount or another OSD does; the kernel refuses while anything else has it."""
    handle = None
    try:
        handle = os.open(device.path, os.O_RDWR | os.O_EXCL | os.O_CLOEXEC)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as e:
        if handle is not None:
            os.close(handle)
        raise Refused("inUse") if e.errno in (errno.EBUSY, errno.EWOULDBLOCK) else Refused("unopenable", e.strerror)
    return handle


def own_uuids(device):
    """The uuids that OSDs of this cluster get on the device of this name, in order."""
    return [str(uuid.uuid5(uuid.UUID(WANTED["fsid"]), "%s/%s/%d" % (WANTED["node"], device.name, attempt))) for attempt in range(1000)]


def overwrite(handle, start, end, block, flush=False):
    """Writes what `block(length)` gives from `start` up to `end`."""
    os.lseek(handle, start, os.SEEK_SET)
    while start < end:
        written = os.write(handle, block(min(4 * MiB, end - start)))
        start += written
    if flush:
        os.fsync(handle)


def wipe(device, handle):
    """
    Takes away all that a BlueStore, a file system or a partition table is known by. The label at the very beginning goes last: a wipe that
    was cut off is seen to be unfinished.
    """
    size = device.size()
    zeros = lambda length: bytes(length)
    # BlueStore keeps copies of its label at these places, a partition table one at the end
    for start in [1000 * GiB, 100 * GiB, 10 * GiB, 1 * GiB, size - MiB]:
        if MiB <= start < size:
            overwrite(handle, start, min(start + MiB, size), zeros)
    overwrite(handle, 4096, min(10 * MiB, size), zeros, flush=True)
    overwrite(handle, 0, min(4096, size), zeros, flush=True)
