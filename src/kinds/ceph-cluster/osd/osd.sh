# Finds the OSD's device by what is written on it, makes its folder from that, then becomes the OSD.
# Environment: ROOK_OSD_ID, ROOK_OSD_UUID, ROOK_BLOCK_PATH. Arguments: those of ceph-osd.
set -eu
data=/var/lib/ceph/osd/ceph-$ROOK_OSD_ID
fail() { echo "$*" | tee /tmp/termination-log >&2; exit 1; }
is_mine() {
  label=$(ceph-bluestore-tool show-label --dev "$1" 2>/dev/null) || return 1
  [[ $label == *"\"osd_uuid\": \"$ROOK_OSD_UUID\""* ]]
}

install -d -o ceph -g ceph /var/log/ceph /var/lib/ceph/crash /var/lib/ceph/crash/posted /run/ceph "$data"
device=
if [ -b "$ROOK_BLOCK_PATH" ] && is_mine "$ROOK_BLOCK_PATH"; then
  device=$ROOK_BLOCK_PATH
else
  # names of devices may change with a reboot; one at a time, since some drivers' devices hang a reader
  for candidate in $(lsblk --noheadings --paths --list --output NAME,TYPE | awk '$2 ~ /disk|part|loop|lvm|mpath|crypt/ && $1 !~ /\/(rbd|nbd|zram|drbd)/ { print $1 }'); do
    [ -b "$candidate" ] || continue
    if is_mine "$candidate"; then device=$candidate; break; fi
  done
fi
[ -n "$device" ] || fail "no device on node $NODE_NAME carries OSD $ROOK_OSD_ID (uuid $ROOK_OSD_UUID); it was $ROOK_BLOCK_PATH"
rm -f "$data/block"
ceph-bluestore-tool prime-osd-dir --dev "$device" --path "$data" --no-mon-config >/dev/null
ln -sfn "$device" "$data/block"
chown ceph:ceph "$device"
chown -R -h ceph:ceph "$data"
# An OSD that was never up has no release on its label. Its disk is measured when it starts the next time, and alone, as in an update;
# now the OSDs of a new cluster, which all start at once, would measure each other and write that down for good.
first=()
[[ $label == *'"require_osd_release"'* ]] || first=(--osd-mclock-skip-benchmark=true)
# some builds look for their object classes relative to the working directory
cd /
exec ceph-osd "$@" ${first[@]+"${first[@]}"}
