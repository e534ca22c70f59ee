# Gives the MDS its folders, then becomes it. Environment: MDS_ID. Arguments: those of ceph-mds.
set -eu
install -d -o ceph -g ceph "/var/lib/ceph/mds/ceph-$MDS_ID" /var/log/ceph /var/lib/ceph/crash /var/lib/ceph/crash/posted /run/ceph
exec ceph-mds "$@"
