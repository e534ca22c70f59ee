# Gives the mgr its folders, then becomes it. Environment: MGR_ID. Arguments: those of ceph-mgr.
set -eu
install -d -o ceph -g ceph "/var/lib/ceph/mgr/ceph-$MGR_ID" /var/log/ceph /var/lib/ceph/crash /var/lib/ceph/crash/posted /run/ceph
exec ceph-mgr "$@"
