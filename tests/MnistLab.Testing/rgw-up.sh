#!/usr/bin/env bash
# Starts a Ceph RADOS Gateway (an S3 server) on loopback, with all its state in one folder.
# usage: rgw-up.sh FOLDER GATEWAY_PORT MONITOR_PORT ACCESS_KEY SECRET_KEY
set -euo pipefail
dir=$1 port=$2 monitor=$3 access=$4 secret=$5 conf=$1/ceph.conf fsid=$(uuidgen)
mkdir -p "$dir"/{run,osd,rgw}
cat > "$conf" <<C
[global]
fsid = $fsid
mon host = [v2:127.0.0.1:$monitor]
mon initial members = a
public network = 127.0.0.0/8
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
keyring = $dir/keyring
run dir = $dir/run
log file = /dev/null
admin socket = $dir/run/\$name.asok
pid file = $dir/run/\$name.pid
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
ms bind ipv6 = false
# Without this the gateway waits 300 s for the monitor's configuration.
ms mon client mode = crc
[mon.a]
host = localhost
mon data = $dir/mon
mon data avail crit = 1
[osd.0]
host = localhost
osd data = $dir/osd
bluestore block size = 8589934592
bluestore block create = true
bluestore cache size = 134217728
bluestore cache autotune = false
osd memory target = 939524096
[client.admin]
rgw data = $dir/rgw
rgw frontends = beast endpoint=127.0.0.1:$port
rgw thread pool size = 32
rgw relaxed region enforcement = true
rgw enable usage log = false
C
ceph-authtool --create-keyring "$dir/keyring" --gen-key -n mon. --cap mon 'allow *'
ceph-authtool "$dir/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mds 'allow *' --cap mgr 'allow *'
monmaptool --create --addv a "[v2:127.0.0.1:$monitor]" --fsid "$fsid" "$dir/monmap" --clobber
ceph-mon -c "$conf" --mkfs -i a --monmap "$dir/monmap" --keyring "$dir/keyring"
ceph-mon -c "$conf" -i a
osd=$(uuidgen)
ceph -c "$conf" osd new "$osd"
ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$osd"
ceph-osd -c "$conf" -i 0
radosgw-admin -c "$conf" user create --uid=test --display-name=test --access-key="$access" --secret-key="$secret"
radosgw -c "$conf" -n client.admin
for _ in $(seq 600); do curl -s -o /dev/null "http://127.0.0.1:$port/" && exit 0; sleep 0.1; done
echo "radosgw did not answer on port $port" >&2
exit 1
