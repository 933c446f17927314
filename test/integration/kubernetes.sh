#!/bin/bash
# kubernetes.sh IMAGE [FOLDER]: plays a rendering of the Helm chart with podman 5, polls a simulated API and lets a real
# Prometheus scrape it. IMAGE is an archive of the exporter's image, as `podman save` and `docker save` write it. Needs root on
# Debian 12, debootstrap, unzip and prometheus. FOLDER keeps Helm and the Debian 13 root for the next call: two minutes at
# the first call, half a minute then.
#
# What podman does not do as a kubelet does is done here: it knows no StatefulSet, so the same pod is played as a Deployment;
# it gives no Secret to the fsGroup; it would run probes by a curl in the image, so they are asked from outside.
set -euo pipefail
name=cloudflare-interconnect-exporter

fail() {
  echo "kubernetes.sh: $1" >&2
  exit 1
}

# until_true NAME COMMAND...: within 30 s.
until_true() {
  local name=$1 turn
  shift
  for ((turn = 0; turn < 150; turn++)); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.2
  done
  fail "no $name within 30 s"
}

render() {
  "$folder/tools/helm4" template cni "$source/deploy/helm" --set fullnameOverride=$name --values "$trial/values.yaml" "$@"
}

prepare() {
  [ -x "$folder/tools/helm4" ] || "$source/.ci/kubernetes-tools" "$folder/tools" >/dev/null
  [ -d "$root/usr" ] || debootstrap --variant=minbase --include=podman,crun,catatonit,netavark,curl,iproute2,ca-certificates \
    trixie "$root" >"$folder/debootstrap.log"
  rm -rf -- "$trial" && mkdir -p "$trial"
  cat >"$trial/values.yaml" <<'YAML'
image: { repository: localhost/exporter, tag: test, pullPolicy: Never }
credentials: { secretName: cloudflare-token }
config:
  poll: { interval: 1s, timeout: 1s }
  api: { base_url: "http://127.0.0.1:13336/client/v4", budget: 1000 }
  accounts:
    - name: simulated
      account_id: 023e105f4ecef8ad9ca31a8372d0c353
      api_token_file: /run/secrets/cloudflare/token
      interconnects: [icon-ewr-01, icon-lhr-01]
YAML
  render >"$trial/rendering.yaml"
  # How a probe starts the exporter where clients need certificates.
  render --set web.config.secretName=any,web.config.tls=true,web.config.clientCertificates=true |
    awk '/command:/ { on = 1; next } /- healthcheck/ { exit } on { print $2 }' >"$trial/entrypoint"
  render --set livenessProbe=null,readinessProbe=null | sed 's/^kind: StatefulSet$/kind: Deployment/' >"$trial/played.yaml"
  cat >>"$trial/played.yaml" <<YAML
---
apiVersion: v1
kind: Secret
metadata: { name: cloudflare-token }
data: { token: $(printf %s simulated-token-for-the-demo | base64) }
YAML
  printf 'scrape_configs: [{ job_name: %s, scrape_interval: 1s, static_configs: [{ targets: ["127.0.0.1:13335"] }] }]\n' \
    "$name" >"$trial/prometheus.yaml"
  install "$(command -v prometheus)" "$root/usr/local/bin/prometheus"
  cp -- "$image" "$trial/image.tar"
  cp -- "${BASH_SOURCE[0]}" "$trial/kubernetes.sh"
  cat >"$trial/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
netns = "host"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "crun"
CONF
}

# Runs this script in the Debian 13 root, with a network of its own: no port of this machine is taken.
enter() {
  export root
  # shellcheck disable=SC2016 # expanded inside
  exec unshare --mount --net --propagation private bash -c '
    mount --bind "$root" "$root" && cd "$root" && mkdir -p .old
    for each in proc sys dev; do mount --rbind "/$each" "./$each"; done
    # crun takes no mixture of both versions of cgroups.
    umount ./sys/fs/cgroup/unified 2>/dev/null || true
    pivot_root . .old && umount --lazy /.old
    export HOME=/root LC_ALL=C.UTF-8 CONTAINERS_CONF=/trial/containers.conf CONTAINERS_STORAGE_DRIVER=vfs
    export PODMAN_IGNORE_CGROUPSV1_WARNING=1
    cd /trial && exec bash kubernetes.sh --inside'
}

# in_container SCRIPT: by the image's own Node, since the image may have nothing else.
in_container() { podman exec "$container" "$node" --eval "$1"; }

scraped() { curl -fsG --data-urlencode "query=$1" http://127.0.0.1:9090/api/v1/query | grep -q '"value"'; }

play() {
  ip link set lo up
  podman rm --all --force >/dev/null 2>&1 || true
  podman volume prune --force >/dev/null
  podman load --quiet --input image.tar | sed 's/^Loaded image: //' >image.name
  podman tag "$(cat image.name)" localhost/exporter:test
  node=$(podman image inspect --format '{{index .Config.Entrypoint 0}}' localhost/exporter:test)
  podman run --detach --name api localhost/exporter:test simulate --web.listen-address=127.0.0.1:13336 >/dev/null
  until_true "simulated API" curl -s http://127.0.0.1:13336/
  podman kube play --network host --start=false played.yaml >/dev/null
  # As the kubelet does with the fsGroup.
  chgrp -R 65532 "$(podman volume inspect --format '{{.Mountpoint}}' cloudflare-token)"
  podman pod start "$name-pod" >/dev/null
  container=$name-pod-exporter
}

check_container() {
  [ "$(podman inspect --format '{{.HostConfig.ReadonlyRootfs}}' "$container")" = true ] || fail "the root can be written to"
  echo "user $(in_container 'console.log(process.getuid(), process.getgid())')," \
    "capabilities $(in_container 'console.log(/CapEff:\s*(\w+)/.exec(fs.readFileSync("/proc/self/status", "utf8"))[1])')," \
    "token $(in_container 'const s = fs.statSync("/run/secrets/cloudflare/token"); console.log((s.mode & 0o777).toString(8), s.uid, s.gid)')"
  in_container 'fs.accessSync("/run/secrets/cloudflare/token")'
  in_container 'try { fs.writeFileSync("/probe", ""); process.exit(1) } catch (error) { process.exit(error.code === "EROFS" ? 0 : 2) }' ||
    fail "expected the root to be read-only"
  in_container 'process.exit(fs.existsSync("/var/lib/cloudflare-interconnect-exporter/state.json") ? 0 : 1)' ||
    fail "no state was stored"
}

inside() {
  play
  while read -r path; do
    until_true "answer 200 to the probe of $path" curl -fs "http://127.0.0.1:13335$path"
    echo "probe $path: $(curl -s "http://127.0.0.1:13335$path")"
  done < <(awk '/httpGet:/ { getline; gsub(/"/, ""); print $2 }' rendering.yaml)
  until_true "stored state" in_container 'process.exit(fs.existsSync("/var/lib/cloudflare-interconnect-exporter/state.json") ? 0 : 1)'
  mapfile -t entrypoint <entrypoint
  podman exec "$container" "${entrypoint[@]}" healthcheck --web.listen-address=:13335 || fail "the probe's command fails"
  check_container
  prometheus --config.file=prometheus.yaml --storage.tsdb.path=/trial/tsdb --web.listen-address=127.0.0.1:9090 2>prometheus.log &
  prometheus=$!
  trap 'kill $prometheus 2>/dev/null; podman rm --all --force >/dev/null 2>&1' EXIT
  until_true "scrape" scraped 'up == 1'
  until_true "polls in Prometheus" scraped 'sum(cloudflare_interconnect_polls_total) > 4'
  echo "scraped: $(curl -fsG --data-urlencode 'query=count(cloudflare_interconnect_state)' http://127.0.0.1:9090/api/v1/query)"
  folder=$(podman volume inspect --format '{{.Mountpoint}}' "$name-config")
  sed -i 's/icon-lhr-01/icon-ewr-03/' "$folder/config.yaml"
  until_true "reload of the changed ConfigMap" sh -c "curl -fs http://127.0.0.1:13335/metrics | grep -q icon-ewr-03"
  # What the simulated circuits do is no trouble of the chart's.
  warnings=$(podman logs "$container" 2>&1 | grep -v -e '"level":"info"' -e '"Interconnect changed state"' || true)
  [ -z "$warnings" ] || fail "expected no warnings, got $warnings"
  podman stop --time 15 "$container" >/dev/null
  echo "ended with $(podman inspect --format '{{.State.ExitCode}}' "$container")"
  [ "$(podman inspect --format '{{.State.ExitCode}}' "$container")" = 0 ] || fail "expected 0"
  echo "kubernetes.sh: all is as it should be"
}

if [ "${1:-}" = --inside ]; then
  inside
else
  [ $# -ge 1 ] || fail "expected the archive of an image: kubernetes.sh IMAGE [FOLDER]"
  source=$(realpath "$(dirname "$0")/../..")
  image=$(realpath "$1")
  folder=$(realpath --canonicalize-missing "${2:-$(mktemp -d)}")
  root=$folder/trixie
  trial=$root/trial
  mkdir -p "$folder"
  prepare
  enter
fi
