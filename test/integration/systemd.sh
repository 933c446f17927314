#!/bin/bash
# Boots a real systemd in a container (Debian 12, no network but loopback), installs the package and the units of
# deploy/systemd there, and tries what they promise. As root on Debian 12, some two minutes at the first call:
#   apt-get install --no-install-recommends debootstrap podman runc && test/integration/systemd.sh [FOLDER]
# FOLDER keeps the root file system for the next call. Ends with a line "N passed, N failed".
set -euo pipefail
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
cd "$here/../.."
folder=${1:-}
work=$(mktemp -d)
[ -n "$folder" ] || folder=$work
mkdir -p "$folder"
folder=$(realpath "$folder")
root=$folder/root
name=systemd-of-exporter
unit=cloudflare-interconnect-exporter
passed=0
failed=0

pod() {
  podman --root "$folder/store" --runroot "$folder/run" --storage-driver overlay --cgroup-manager cgroupfs \
    --events-backend file --runtime runc "$@"
}

within() {
  pod exec "$name" "$@"
}

finish() {
  local code=$?
  pod rm -f "$name" >/dev/null 2>&1 || true
  rm -rf -- "$work"
  if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
  echo
  echo "$passed passed, $failed failed"
  if [ "$failed" -ne 0 ]; then exit 1; fi
}
trap finish EXIT

# expect WHAT COMMAND...: one thing that must be so.
expect() {
  local what=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
    echo "ok: $what"
  else
    failed=$((failed + 1))
    echo "FAILED: $what" >&2
    within journalctl --no-pager -n 20 -u "$unit" >&2 || true
  fi
}

# until_true COMMAND...: looks again for half a minute.
until_true() {
  local count
  for ((count = 0; count < 150; count++)); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    sleep 0.2
  done
  return 1
}

is() {
  [ "$1" = "$2" ] || {
    echo "expected \"$2\", got \"$1\"" >&2
    return 1
  }
}

shown() {
  within systemctl show --value -p "$1" "$unit"
}

metrics() {
  within /opt/ask.mjs metrics "$1"
}

install_root() {
  [ -d "$root/usr" ] || debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus bookworm "$root" >"$work/debootstrap.log"
  npm run build >/dev/null
  npm pack --silent --pack-destination "$work" >/dev/null
  rm -rf "$root/usr/local/lib/node_modules" "$root/usr/local/bin/$unit"
  npx npm install --silent --global --prefix "$root/usr/local" "$work"/*.tgz >/dev/null
  install -m755 node_modules/node/bin/node "$root/usr/bin/node"
  install -m644 deploy/systemd/* "$root/etc/systemd/system/"
  install -m755 test/integration/systemd-ask.mjs "$root/opt/ask.mjs"
  local etc=$root/etc/$unit drop_in=$root/etc/systemd/system/$unit.service.d
  # Nothing of a call before, or of a hand in between.
  rm -rf "$etc" "$drop_in" "$root/etc/systemd/system/$unit.socket.d" "$root/etc/default/$unit"
  mkdir -p "$etc" "$drop_in"
  install -m644 test/integration/systemd-config.yaml "$etc/config.yaml"
  # As root keeps it: the service's user cannot read it here.
  (umask 077 && echo simulated-token-for-the-demo >"$etc/token")
  # The watchdog of a minute is a long wait for a test.
  printf '[Service]\nWatchdogSec=4\n' >"$drop_in/short-watchdog.conf"
  : >"$root/etc/machine-id"
  rm -rf "$root/var/log/journal" "$root/var/lib/private" "$root/var/lib/$unit"
  chroot "$root" systemctl enable "$unit.socket" "$unit.service" 2>/dev/null
}

boot() {
  # Shared mounts: without them LoadCredential= leaves an empty folder, since systemd does not make / shared in a container.
  pod run -d --name "$name" --systemd=always --privileged --network none --hostname sdtest \
    --ulimit nofile=1024:1024 --ulimit nproc=4096:4096 --rootfs "$root" \
    sh -c 'mount --make-rshared / && exec /sbin/init' >/dev/null
  until_true within systemctl is-system-running --wait || true
  within systemd-run --quiet --unit simulator --setenv=HOME=/ "$unit" simulate --web.listen-address=127.0.0.1:13336
}

[ "$(id -u)" -eq 0 ] || { echo "Expected to run as root, which a booting systemd needs" >&2; exit 1; }
install_root
boot

is_active_after_ready() {
  within journalctl -o short-monotonic --no-pager -u "$unit" | grep -E 'Starting|Polling and serving|Started' | head -3
  is "$(within journalctl -o cat --no-pager -u "$unit" | grep -oE '^Starting|Polling and serving|^Started' | head -3 | paste -sd,)" \
    "Starting,Polling and serving,Started"
}

is_hardened() {
  local score
  score=$(within systemd-analyze security --no-pager "$unit" | sed -nE 's/.*exposure level.*: ([0-9.]+) .*/\1/p')
  echo "exposure level $score"
  awk "BEGIN { exit !($score <= 1.2) }"
}

has_token_by_credential() {
  # Root alone can read the token, and the process has a uid that nobody has.
  is "$(within stat -c '%a %u' "/etc/$unit/token")" "600 0" &&
    [ "$(within stat -c %u "/proc/$(shown MainPID)")" -ge 61184 ] &&
    until_true metrics 'cloudflare_interconnect_poll_success{account="simulated",interconnect="icon-ewr-01"} 1'
}

reloads() {
  within sed -i 's/icon-ewr-01, icon-lhr-01/icon-ewr-01, icon-lhr-01, icon-fra-01/' "/etc/$unit/config.yaml"
  within systemctl reload "$unit" &&
    until_true metrics 'cloudflare_interconnect_state{account="simulated",interconnect="icon-fra-01"' &&
    until_true status_is "Polling and serving"
}

status_is() {
  is "$(shown ActiveState) $(shown StatusText)" "active $1"
}

tells_wrong_reload() {
  local pid
  pid=$(shown MainPID)
  within cp "/etc/$unit/config.yaml" /etc/good.yaml
  within sed -i 's/interval: 2s/intervall: 2s/' "/etc/$unit/config.yaml"
  within systemctl reload "$unit"
  until_true status_is "Polling and serving; the configuration was not reloaded, the one before stays in effect, see the log" &&
    metrics 'exporter_config_last_reload_successful 0' || return 1
  within cp /etc/good.yaml "/etc/$unit/config.yaml"
  within systemctl reload "$unit"
  until_true status_is "Polling and serving" && is "$(shown MainPID)" "$pid"
}

refuses_nobody_in_a_restart() {
  local before after
  before=$(shown MainPID)
  within /opt/ask.mjs many 300 >"$work/answers" &
  local asking=$!
  sleep 1
  within systemctl restart "$unit"
  wait "$asking"
  after=$(shown MainPID)
  cat "$work/answers"
  [ "$before" != "$after" ] && is "$(cat "$work/answers")" '{"200":300}'
}

keeps_its_state() {
  within test -s "/var/lib/$unit/state.json" &&
    within journalctl -o cat --no-pager -u "$unit" | grep '"msg":"State recalled"' >/dev/null
}

# is_killed_when EXPRESSION TIMES: by the watchdog, for the nth time, after it was evaluated in the process; then another one polls.
is_killed_when() {
  local before
  before=$(shown MainPID)
  within /opt/ask.mjs evaluate "$before" "$1"
  until_true is_another_than "$before" || return 1
  within journalctl -o cat --no-pager "_PID=1" -u "$unit" | tail -6
  is "$(within journalctl -o cat --no-pager -u "$unit" | grep -c 'Watchdog timeout')" "$2" || return 1
  until_true metrics 'cloudflare_interconnect_poll_success{account="simulated",interconnect="icon-ewr-01"} 1'
}

is_another_than() {
  [ "$(shown MainPID)" != "$1" ] && [ "$(shown ActiveState)" = active ]
}

# Nobody wakes any more who sleeps, as the scheduler does between two turns, while requests are still answered.
is_killed_when_only_the_scheduler_is_wedged() {
  is_killed_when 'const start = setTimeout; globalThis.setTimeout = (_, ms) => start(() => {}, ms)' 1
}

is_killed_when_it_turns_in_a_circle() {
  is_killed_when 'for (;;);' 2
}

stops_in_time() {
  within systemctl stop "$unit.socket" "$unit.service"
  is "$(shown ActiveState) $(shown Result) $(shown ExecMainStatus)" "inactive success 0"
}

expect "systemd has nothing to say against the units" is "$(within systemd-analyze verify "/etc/systemd/system/$unit.service" "/etc/systemd/system/$unit.socket" 2>&1)" ""
expect "it is active once it has said that it is ready" is_active_after_ready
expect "its exposure is at most 1.2" is_hardened
expect "it polls with a token by LoadCredential" has_token_by_credential
expect "systemctl reload takes a good configuration" reloads
expect "a wrong one is told in the status, and the one before stays in effect" tells_wrong_reload
expect "none of 300 requests is refused while it restarts" refuses_nobody_in_a_restart
expect "its state outlives the restart" keeps_its_state
expect "the watchdog kills a process whose scheduler is wedged, and it comes back" is_killed_when_only_the_scheduler_is_wedged
expect "the watchdog kills a process that turns in a circle, and it comes back" is_killed_when_it_turns_in_a_circle
expect "it has said nothing that systemd did not take" is "$(within journalctl -o cat --no-pager -u "$unit" | grep -c 'Cannot tell systemd')" 0
expect "it stops in time" stops_in_time
