#!/bin/bash
# VictoriaMetrics, vmagent and vmalert of Debian 13 against the demo: a plain scrape, http_sd, all rules evaluated, and what
# vmagent pushes. On Debian, with node_modules in place, less than a minute:
#   test/integration/victoria-metrics.sh [FOLDER]
# FOLDER keeps the programs for the next call. Ends with a line "N passed, N failed".
set -euo pipefail
cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../.."
# shellcheck source=test/integration/expect.bash
source test/integration/expect.bash
folder=${1:-$work}
programs=$folder/usr/bin
[ -x "$programs/victoria-metrics" ] || .ci/debian-unpack trixie "$folder" victoria-metrics

exporter=127.0.0.1:28135 store=127.0.0.1:28428 pushed=127.0.0.1:28429 agent=127.0.0.1:28430 alerts=127.0.0.1:28880

cat >"$work/scrape.yaml" <<X
global: { scrape_interval: 5s }
scrape_configs:
  - job_name: cloudflare-interconnect
    static_configs: [{ targets: ["$exporter"] }]
  - job_name: by-sd
    http_sd_configs: [{ url: "http://$exporter/sd" }]
X
grep -v -A2 by-sd "$work/scrape.yaml" >"$work/push.yaml"

start exporter npx node src/main.ts demo --web.listen-address="$exporter" --log.level=warn
start store "$programs/victoria-metrics" -storageDataPath="$work/store" -httpListenAddr="$store" \
  -promscrape.config="$work/scrape.yaml" -search.latencyOffset=0s
start pushed "$programs/victoria-metrics" -storageDataPath="$work/pushed" -httpListenAddr="$pushed" -search.latencyOffset=0s
start agent "$programs/vmagent" -promscrape.config="$work/push.yaml" -httpListenAddr="$agent" \
  -remoteWrite.url="http://$pushed/api/v1/write" -remoteWrite.tmpDataPath="$work/agent"
start alerts "$programs/vmalert" -rule='deploy/prometheus/rules/*.yaml' -httpListenAddr="$alerts" -evaluationInterval=5s \
  -datasource.url="http://$store" -remoteWrite.url="http://$store" -remoteRead.url="http://$store" -notifier.blackhole

# value STORE QUERY: the first value that it answers, or nothing.
value() {
  curl -sfG "http://$1/api/v1/query" --data-urlencode "query=$2" | sed -nE 's/.*"value":\[[0-9.]+,"([^"]+)"\].*/\1/p'
}
is() { [ "$(value "$1" "$2")" = "$3" ]; }
# rules HEALTH: how many rules are so, of those that were evaluated.
rules() {
  curl -sf "http://$alerts/api/v1/rules" | npx node -e '
    const { data } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    const rules = data.groups.flatMap((group) => group.rules);
    const evaluated = rules.filter((rule) => !rule.lastEvaluation.startsWith("0001"));
    console.log(evaluated.filter((rule) => rule.health === process.argv[1]).length);
  ' "$1"
}
rule_count=$(grep -cE '^ +- (record|alert):' deploy/prometheus/rules/*.yaml | awk -F: '{ sum += $2 } END { print sum }')
all_rules_are_ok() { [ "$(rules ok)" = "$rule_count" ] && [ "$(rules err)" = 0 ]; }

job='job="cloudflare-interconnect"'
expect "VictoriaMetrics scrapes the exporter" within 60 is "$store" "up{$job}" 1
expect "it knows the state of 12 circuits, each one state" within 30 is "$store" "sum(cloudflare_interconnect_state{$job})" 12
expect "it finds 12 targets by http_sd" within 60 is "$store" 'count(up{job="by-sd"} == 1)' 12
expect "each of them is one interconnect" within 30 is "$store" 'count(cloudflare_interconnect_info{job="by-sd"})' 12
expect "vmalert evaluates all $rule_count rules without an error" within 90 all_rules_are_ok
# Circuits that were never answered have none.
expect "what the rules record is there: the state last answered" within 60 is "$store" \
  "count(account_interconnect:cloudflare_interconnect_last_known_state:freshest{$job}) == bool count(cloudflare_interconnect_last_known_state{$job})" 1
expect "vmagent pushes the same to another" within 60 is "$pushed" "sum(cloudflare_interconnect_state{$job})" 12
