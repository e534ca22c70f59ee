# Asks a daemon's admin socket one command; fails where it does not answer in time. Far cheaper than starting the ceph CLI.
# Arguments: the socket, the command, and for "config set" an option and its value.
import json, socket, sys
request = {"prefix": sys.argv[2]}
if len(sys.argv) > 4:
    request.update(var=sys.argv[3], val=[sys.argv[4]])
s = socket.socket(socket.AF_UNIX)
s.settimeout(4)
s.connect(sys.argv[1])
s.sendall(json.dumps(request).encode() + b"\0")
sys.exit(0 if len(s.recv(4)) == 4 else 1)
