# Makes the mon's store on its first start, then becomes the mon.
# Environment: MON_ID, MON_HOST (mon_host form), MON_MEMBERS (a,b,c, in the order of MON_HOST), FSID, MGR_MODULES,
# MON_JOINING (those of MON_MEMBERS that join a cluster that there is already), ADMIN_SOCKET (the script that asks an admin socket),
# CLUSTER_EXISTS (not empty: the cluster has data that is lost without the mons' maps).
# Arguments: those of ceph-mon.
set -eu
store=/var/lib/ceph/mon/ceph-$MON_ID
keyring=/etc/ceph/keyring-store/keyring
fail() { echo "$*" | tee /tmp/termination-log >&2; exit 1; }
has_quorum() {
  [ -n "$1" ] && timeout 20 ceph --connect-timeout=15 --name=mon. "--keyring=$keyring" "--mon-host=$1" quorum_status </dev/null >/dev/null 2>&1
}
mon_key() { sed -n '/^\[mon\.\]/,/^\[[^m]/s/^[[:space:]]*key *= *//p' "$1" | head -n 1; }

install -d -o ceph -g ceph "$store" /var/log/ceph /var/lib/ceph/crash /var/lib/ceph/crash/posted /run/ceph
first=()
if [ -e "$store/store.db" ]; then
  [ ! -e "$store/keyring" ] || [ "$(mon_key "$store/keyring")" = "$(mon_key "$keyring")" ] ||
    fail "the mon store in dataDirHostPath on node $NODE_NAME belongs to another cluster; remove its folder mon-$MON_ID if that cluster is gone for good"
else
  # the store is made aside and moved in place last, so an interrupted start leaves nothing that looks finished
  rm -rf "$store/new" /tmp/monmap
  install -d -o ceph -g ceph "$store/new"
  add=() others="" names=${MON_MEMBERS//,/ } rest=$MON_HOST
  for name in $names; do
    # up to the next one's bracket: those of IPv6 addresses are followed by a port
    address=${rest%%],\[*}
    [ "$address" = "$rest" ] || address+=]
    rest=${rest#"$address"}; rest=${rest#,}
    add+=(--addv "$name" "$address")
    [ "$name" = "$MON_ID" ] || others+=${others:+,}$address
  done
  # blank stores alone would begin the cluster anew, without any of its maps
  [ -z "${CLUSTER_EXISTS:-}" ] || has_quorum "$others" ||
    fail "mon $MON_ID has no store in dataDirHostPath on node $NODE_NAME, though its cluster exists, and no quorum of other mons answers: bring its folder mon-$MON_ID back, or restore the quorum from a mon that has its own (kubectl rook-ceph mons restore-quorum)"
  release=$(ceph-mon --version | sed 's/^ceph version \([0-9]*\).*/\1/')
  [ "$release" -lt 19 ] || add+=(--set-min-mon-release "$release")
  monmaptool --create --clobber --fsid "$FSID" "${add[@]}" /tmp/monmap >/dev/null
  chmod 644 /tmp/monmap
  ceph-mon --mkfs -i "$MON_ID" --mon-data "$store/new" --monmap /tmp/monmap --keyring "$keyring" --setuser ceph --setgroup ceph
  [ -e "$store/new/store.db" ] || fail "ceph-mon --mkfs made no store on node $NODE_NAME; see the log of this container"
  find "$store/new" -mindepth 1 -maxdepth 1 ! -name store.db -exec mv -f -t "$store" {} +
  mv "$store/new/store.db" "$store/store.db"
  rmdir "$store/new"
  # only the first leader of a new cluster reads this: enabling modules later restarts the mgr
  first=("--mgr-initial-modules=$MGR_MODULES")
  case ",${MON_JOINING:-},/a,b,c,d,e,f,g,h,i," in
    *",$MON_ID,"*/*) ;; # the others hold a quorum, which a livelier one would only disturb
    */"$MON_MEMBERS",*)
      # a new cluster's mons see each other at different moments and lose whole timeouts over it; so for their first minute, and
      # no longer, they are livelier than Ceph's defaults, which the admin socket then puts back
      first+=(--mon-election-timeout=0.3 --mon-probe-timeout=0.2 --paxos-propose-interval=0.05 --paxos-min-wait=0.01)
      (
        sleep 60
        for option in mon_election_timeout=5 mon_probe_timeout=2 paxos_propose_interval=1 paxos_min_wait=0.05; do
          python3 -E -S -c "$ADMIN_SOCKET" "/run/ceph/ceph-mon.$MON_ID.asok" "config set" "${option%%=*}" "${option#*=}"
        done
      ) &
      ;;
  esac
fi
exec ceph-mon "$@" ${first[@]+"${first[@]}"}
