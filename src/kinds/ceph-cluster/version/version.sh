# Says which Ceph this image holds: its version, then the optional tools it has.
set -eu
version=$(ceph-mon --version)
tools=
for tool in ceph-crash ceph-exporter; do
  if command -v "$tool" >/dev/null; then tools="$tools $tool"; fi
done
printf '%s\ntools:%s\n' "$version" "$tools" | tee /tmp/termination-log
