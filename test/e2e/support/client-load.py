# Writes objects into a pool, one after another in each of a few threads, and reads back ones written before; until FOLDER/stop is there.
# Then reads every object once more, and says in FOLDER/result.json what it wrote, what was not as written, and the longest it ever waited.
# Arguments: the pool, the folder.
import hashlib, json, os, random, sys, threading, time

import rados

pool, folder = sys.argv[1], sys.argv[2]
stop = os.path.join(folder, "stop")
cluster = rados.Rados(conffile="/etc/ceph/ceph.conf", name="client.admin")
cluster.connect()
lock = threading.Lock()
written, bad = [], []
longest = {"write": [0, ""], "read": [0, ""]}


def body(name):
    return hashlib.sha256(name.encode()).digest() * 512


def timed(kind, name, act):
    began = time.time()
    answer = act()
    took = time.time() - began
    with lock:
        if took > longest[kind][0]:
            longest[kind] = [round(took, 3), time.strftime("%H:%M:%SZ", time.gmtime(began))]
    return answer


def check(pool_of, name):
    try:
        if timed("read", name, lambda: pool_of.read(name, 1 << 20)) != body(name):
            bad.append(name + " has other bytes")
    except rados.Error as error:
        bad.append("%s: %s" % (name, error))


def work(number):
    pool_of = cluster.open_ioctx(pool)
    count = 0
    while not os.path.exists(stop):
        name = "object-%d-%d" % (number, count)
        try:
            timed("write", name, lambda: pool_of.write_full(name, body(name)))
            written.append(name)
        except rados.Error as error:
            bad.append("%s cannot be written: %s" % (name, error))
        check(pool_of, random.choice(written))
        count += 1
        time.sleep(0.1)


threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
for thread in threads:
    thread.start()
open(os.path.join(folder, "started"), "w").close()
for thread in threads:
    thread.join()
last = cluster.open_ioctx(pool)
during = dict(longest)
for name in written:
    check(last, name)
with open(os.path.join(folder, "result.new"), "w") as f:
    json.dump({"written": len(written), "bad": bad[:20], "longestWrite": during["write"], "longestRead": during["read"]}, f)
os.rename(os.path.join(folder, "result.new"), os.path.join(folder, "result.json"))
