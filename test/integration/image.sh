#!/bin/bash
# image.sh [FOLDER]: builds the Dockerfile and tries what comes out of it, without a Docker engine: buildah and podman, as
# root on Debian 12. node:24-bookworm-slim is a stand-in of Debian's and npm's packages, so what is proven is the
# Dockerfile, not the digest of the published base. FOLDER keeps the stand-in for the next call. Some four minutes at the
# first call. The machine's own certificates are mounted for npm where it needs them, and never in the image.
set -euo pipefail
source=$(realpath "$(dirname "$0")/../..")
folder=$(realpath --canonicalize-missing "${1:-$(mktemp -d)}")
image=localhost/cloudflare-interconnect-exporter:test
base=docker.io/library/node:24-bookworm-slim
exporter=127.0.0.1:31335
api=127.0.0.1:31336
machine_certificates=/etc/ssl/certs/ca-certificates.crt
store=(--root "$folder/store" --runroot "$folder/run" --storage-driver overlay)
work=$(mktemp -d)

podman() { timeout 60 podman "${store[@]}" --cgroup-manager cgroupfs --events-backend file --runtime runc "$@"; }

finish() {
  podman rm --all --force --volumes >/dev/null 2>&1 || true
  rm -rf -- "$work"
}
trap finish EXIT

fail() {
  echo "image.sh: $1" >&2
  exit 1
}

# until NAME COMMAND...: within 20 s.
until_true() {
  local name=$1 turn
  shift
  for ((turn = 0; turn < 100; turn++)); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.2
  done
  fail "no $name within 20 s"
}

make_base() {
  local container root=$folder/root
  mkdir -p "$folder"
  [ -d "$root/usr" ] || debootstrap --variant=minbase bookworm "$root" >"$folder/debootstrap.log"
  (
    mkdir -p "$folder/npm" && cd "$folder/npm" && echo '{"private":true}' >package.json
    npm install --silent --ignore-scripts --no-save "node-linux-$(node --print process.arch)@24" npm@11
    install --mode=755 node_modules/node-linux-*/bin/node "$root/usr/local/bin/node"
    mkdir -p "$root/usr/local/lib/node_modules"
    cp --archive node_modules/npm "$root/usr/local/lib/node_modules/"
  )
  ln --symbolic --force ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
  container=$(buildah "${store[@]}" from scratch)
  buildah "${store[@]}" add --quiet "$container" "$root" / >/dev/null
  buildah "${store[@]}" config --env PATH=/usr/local/bin:/usr/sbin:/usr/bin "$container"
  buildah "${store[@]}" commit --quiet --rm "$container" "$base" >/dev/null
}

build() {
  printf 'cafile=%s\n' "$machine_certificates" >"$folder/npmrc"
  buildah "${store[@]}" bud --isolation chroot --pull-never --format docker \
    --volume "$machine_certificates:$machine_certificates:ro" --volume "$folder/npmrc:/usr/local/etc/npmrc:ro" \
    --build-arg REVISION=0123456 --tag "$image" "$source" >"$folder/build.log" 2>&1 || fail "see $folder/build.log"
}

# start NAME ARGUMENT... -- COMMAND...: as a careful operator would, on the network of this machine.
start() {
  local name=$1 options=()
  shift
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  # A health check without systemd says so in two lines and does nothing.
  podman run --detach --name "$name" --network host --read-only --cap-drop all --security-opt no-new-privileges \
    --memory 160m --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "${options[@]}" "$image" "$@" >/dev/null 2>"$work/podman.log" || fail "$(cat "$work/podman.log")"
}

# stop NAME: SIGTERM; it must end with 0 within 3 s.
stop() {
  local begin code
  begin=$(date +%s%N)
  podman kill --signal TERM "$1" >/dev/null
  code=$(podman wait "$1") || fail "$1 did not end"
  took=$((($(date +%s%N) - begin) / 1000000))
  if [ "$code" -ne 0 ] || [ "$took" -ge 3000 ]; then fail "$1 ended with $code after $took ms: $(podman logs "$1" 2>&1 | tail -5)"; fi
  echo "SIGTERM: $1 ended with 0 after $took ms"
}

inspect_files() {
  local container root programs
  container=$(buildah "${store[@]}" from --pull-never "$image")
  root=$(buildah "${store[@]}" mount "$container")
  programs=$(find "$root" -type f -perm /111 ! -name '*.so*' ! -name '*.node' -printf '/%P\n')
  echo "$(podman image inspect --format '{{.Size}}' "$image" | awk '{ printf "%.0f MB", $1 / 1e6 }')," \
    "$(tar --create --directory "$root" . | gzip -6 | wc --bytes | awk '{ printf "%.0f MB", $1 / 1e6 }') compressed," \
    "$(find "$root" -type f | wc --lines) files, programs: $(echo "$programs" | tr '\n' ' ')"
  [ "$(echo "$programs" | grep --invert-match '^/app/dist/bin.cjs$')" = /usr/local/bin/node ] || fail "more programs than node"
  [ -s "$root/var/lib/dpkg/status.d/libc6" ] || fail "scanners do not see Debian's packages"
  cmp --silent "$root/etc/ssl/certs/ca-certificates.crt" "$machine_certificates" && fail "the machine's certificates are in the image"
  buildah "${store[@]}" rm "$container" >/dev/null
}

write_config() {
  mkdir -p "$work/config" "$work/secrets"
  cat >"$work/config/config.yaml" <<YAML
poll: { interval: 1s, timeout: 1s }
api: { base_url: http://$api/client/v4, budget: 1000 }
accounts:
  - name: simulated
    account_id: 023e105f4ecef8ad9ca31a8372d0c353
    api_token_file: /run/secrets/token
    interconnects: [icon-ewr-01, icon-lhr-01]
YAML
  echo simulated-token-for-the-demo >"$work/secrets/token"
  # The password is "test".
  cat >"$work/config/web.yaml" <<'YAML'
basic_auth_users: { prometheus: "$2y$10$UjuQ4RV1UwhQVNKMQCFsbum5NtLAIO8aE/EYAjiKOsliHc0JH2a86" }
YAML
  chmod 755 "$work" "$work/config" "$work/secrets"
  chmod 440 "$work/secrets/token"
  chown 0:0 "$work/secrets/token"
}

has_state() { curl -fs "http://$exporter/metrics" | grep --quiet '^cloudflare_interconnect_state{.*} 1'; }
answers() { curl -s "http://$api/" >/dev/null; }
is_ready() { curl -fs -u prometheus:test "http://$exporter/-/ready"; }
since() { curl -fs -u prometheus:test "http://$exporter/metrics" | grep '^cloudflare_interconnect_state_since.*icon-ewr-01'; }

apt-get -qq install -y --no-install-recommends debootstrap buildah podman runc curl >/dev/null
podman image exists "$base" 2>/dev/null || make_base
build
inspect_files
if podman run --rm --network host --entrypoint /bin/sh "$image" -c true 2>/dev/null; then fail "there is a shell"; fi

if curl -s "http://$exporter/" >/dev/null || answers; then fail "something else answers on $exporter or $api"; fi

echo "== demo, as the image's own user"
start demo -- demo "--web.listen-address=$exporter"
until_true "rows of the demo" has_state
echo "state rows: $(curl -fs "http://$exporter/metrics" | grep --count '^cloudflare_interconnect_state{')"
podman exec demo /usr/local/bin/node /app/dist/bin.cjs healthcheck "--web.listen-address=$exporter" || fail "the health check fails"
podman inspect --format '{{.Config.User}} {{index .Config.Labels "org.opencontainers.image.revision"}}' demo
stop demo

echo "== an arbitrary user of group 0, storage on a volume, a password"
write_config
start api -- simulate "--web.listen-address=$api"
until_true "simulated API" answers
daemon=(--volume "$work/config:/etc/cloudflare-interconnect-exporter:ro" --volume "$work/secrets:/run/secrets:ro"
  --volume state:/var/lib/cloudflare-interconnect-exporter)
arguments=("--web.listen-address=$exporter" --storage.path=/var/lib/cloudflare-interconnect-exporter --web.config.file=web.yaml)
start first --user 123456:0 "${daemon[@]}" -- "${arguments[@]}"
until_true "first round" is_ready
[ "$(curl -s -o /dev/null -w '%{http_code}' "http://$exporter/metrics")" = 401 ] || fail "no password was asked for"
before=$(since)
stop first
start second --user 123456:0 "${daemon[@]}" -- "${arguments[@]}"
until_true "first round after a restart" is_ready
[ "$(since)" = "$before" ] || fail "storage did not outlive the restart: $before became $(since)"
stop second

echo "== SIGTERM 300 ms after the start"
for name in early-1 early-2 early-3; do
  start "$name" --user 123456:0 "${daemon[@]}" -- "${arguments[@]}"
  sleep 0.3
  stop "$name"
done
stop api
