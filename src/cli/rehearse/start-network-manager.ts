import { startBus } from "./start-bus.ts";

/** Starts NetworkManager as its service would, without systemd around it, and waits as NetworkManager-wait-online.service does at
 *  boot. It has a bus of its own, and none of this machine's settings: what counts is what is built in, as on a Debian that nobody has
 *  changed. It reckons with a clock that has run for a second. What it logs goes to the report, less what it misses only because nothing
 *  else runs here. */
export const startNetworkManager = `
mkdir -p /run/network /run/NetworkManager/conf.d
: >/run/network/ifstate
cat >/run/NetworkManager/lab.conf <<'END'
[main]
plugins=keyfile
auth-polkit=false
hostname-mode=none
END
# What was written with the profiles for their radios.
cp /etc/NetworkManager/conf.d/90-holdfast-*.conf /run/NetworkManager/conf.d/ 2>/dev/null
[ -s /etc/machine-id ] || echo 0123456789abcdef0123456789abcdef >/etc/machine-id
${startBus} || exit
# Where there are radios: what wpa_supplicant.service runs, and NetworkManager would have the bus start.
[ ! -e /sys/class/ieee80211 ] || [ ! -x /sbin/wpa_supplicant ] || [ -z "$(ls /sys/class/ieee80211)" ] ||
  /sbin/wpa_supplicant -B -u -O "DIR=/run/wpa_supplicant" >/dev/null
sleep 2
here=/run/NetworkManager/conf.d
NetworkManager --debug --config=/run/NetworkManager/lab.conf --config-dir=$here --system-config-dir=$here \\
  >/run/networkmanager.log 2>&1 &
nm-online --wait-for-startup --quiet --timeout=20
status=$?
grep -vE 'ModemManager|hostname|killswitch' /run/networkmanager.log
exit $status
`;
