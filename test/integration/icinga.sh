#!/bin/bash
# Icinga 2 of Debian 13 with the command and the service of deploy/icinga against the demo. As root on Debian, with
# node_modules in place and debootstrap installed; some minutes at the first call, then half a one:
#   test/integration/icinga.sh [FOLDER]
# FOLDER keeps the Debian root for the next call. Ends with a line "N passed, N failed".
set -euo pipefail
cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../.."
# shellcheck source=test/integration/expect.bash
source test/integration/expect.bash
# shellcheck source=test/integration/debian-root.bash
source test/integration/debian-root.bash
make_root "${1:-$work/root}" icinga2-bin icinga2-common

exporter=127.0.0.1:28235
cp deploy/icinga/cloudflare-interconnect.conf "$root/etc/icinga2/conf.d/"
cat >"$root/etc/icinga2/conf.d/exporter.conf" <<X
object Host "exporter" {
  check_command = "dummy"
  vars.interconnects["running"] = { interconnect_from = "http://$exporter" }
  vars.interconnects["away"] = { interconnect_from = "http://127.0.0.1:9" }
}
X
cat >"$root/usr/bin/cloudflare-interconnect-exporter" <<'X'
#!/bin/sh
exec /exporter/node_modules/node/bin/node /exporter/src/main.ts "$@"
X
chmod +x "$root/usr/bin/cloudflare-interconnect-exporter"
# The services that Icinga brings along need plugins, and say nothing here.
rm -f "$root/etc/icinga2/conf.d/services.conf" "$root/etc/icinga2/conf.d/hosts.conf" "$root/etc/icinga2/conf.d/notifications.conf"
in_root icinga2 feature enable compatlog perfdata >"$work/features"
rm -rf "$root/var/log/icinga2/compat" "$root/var/lib/icinga2/icinga2.state"
mkdir -p "$root/run/icinga2" "$root/var/log/icinga2/compat" "$root/var/spool/icinga2/perfdata" "$root/var/spool/icinga2/tmp"
in_root chown -R nagios:nagios /run/icinga2 /var/lib/icinga2 /var/log/icinga2 /var/cache/icinga2 /var/spool/icinga2

expect "the configuration is valid" in_root icinga2 daemon --validate
start exporter npx node src/main.ts demo --web.listen-address="$exporter" --log.level=warn
within 60 curl -sf "http://$exporter/-/ready" >"$work/ready"
start icinga in_root icinga2 daemon

# What Icinga wrote down of changes of state, and of performance data.
log=$root/var/log/icinga2/compat/icinga.log
alert() { grep -qE "SERVICE ALERT: exporter;interconnects-$1" "$log"; }
expect "its first line names the circuits, and its state is the plugin's" within 90 \
  alert 'running;(CRITICAL;.*;CRITICAL|WARNING;.*;WARNING|UNKNOWN;.*;UNKNOWN) - .*simulated/icon-[a-z0-9-]+ is '
expect "the service of an exporter that is away is UNKNOWN and says why" within 60 \
  alert 'away;UNKNOWN;.*;UNKNOWN - http://127.0.0.1:9/-/healthy does not answer'
expect "there is performance data" within 90 \
  grep -rqE 'interconnects-running.*down=[0-9]+ unhealthy=[0-9]+ unknown=[0-9]+ pending=[0-9]+ healthy=[0-9]+' "$root/var/spool/icinga2/perfdata"
