# Sourced by the scripts beside it: a folder $work, processes in the background, and what must be so. When the script ends, the
# processes it started are ended and the last line says "N passed, N failed".
work=$(mktemp -d)
passed=0
failed=0
pids=()

finish() {
  local code=$? pid
  for pid in "${pids[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  if [ "$failed" -gt 0 ]; then tail -n 20 "$work"/*.log || true; fi
  rm -rf -- "$work"
  if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
  echo
  echo "$passed passed, $failed failed"
  if [ "$failed" -ne 0 ]; then exit 1; fi
}
trap finish EXIT

# start NAME COMMAND...: runs it in the background, in a process group of its own; what it prints is in $work/NAME.log.
start() {
  local name=$1
  shift
  set -m
  "$@" </dev/null >"$work/$name.log" 2>&1 &
  set +m
  pids+=("$!")
}

# within SECONDS COMMAND...: tries until it succeeds.
within() {
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 0.5
  done
}

# expect WHAT COMMAND...: one thing that must be so.
expect() {
  local what=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
    echo "ok   $what"
  else
    failed=$((failed + 1))
    echo "FAIL $what" >&2
  fi
}
