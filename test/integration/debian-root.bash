# Sourced: a Debian 13 root, in which programs run that Debian 12 has too old, on this machine's network.

# make_root FOLDER PACKAGE...: makes it at the first call, which takes some minutes.
make_root() {
  root=$(realpath -m "$1")
  shift
  [ -e "$root/made" ] && return
  debootstrap --variant=minbase --include=ca-certificates trixie "$root" >"$work/debootstrap.log"
  cp /etc/resolv.conf "$root/etc/"
  cat /etc/apt/apt.conf.d/* >"$root/etc/apt/apt.conf.d/90host" 2>/dev/null || true
  # Nothing is to start by itself.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod +x "$root/usr/sbin/policy-rc.d"
  in_root apt-get -qq update
  in_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >"$work/install.log"
  touch "$root/made"
}

# in_root COMMAND...: there, with this repository at /exporter.
in_root() {
  mkdir -p "$root/exporter"
  # shellcheck disable=SC2016 # for the inner shell
  ROOT=$root REPOSITORY=$PWD unshare --mount --propagation private bash -c '
    for each in proc sys dev; do mount --rbind "/$each" "$ROOT/$each"; done
    mount --bind "$REPOSITORY" "$ROOT/exporter"
    HOME=/root LC_ALL=C.UTF-8 exec chroot "$ROOT" "$@"' bash "$@"
}
