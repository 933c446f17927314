#!/bin/bash
# Zabbix 7 of Debian 13 with the template of deploy/zabbix against the demo: server, PostgreSQL and the frontend's API. As root
# on Debian, with node_modules in place and debootstrap installed; some minutes at the first call, then one or two:
#   test/integration/zabbix.sh [FOLDER]
# FOLDER keeps the Debian root for the next call. Ends with a line "N passed, N failed".
set -euo pipefail
cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../.."
# shellcheck source=test/integration/expect.bash
source test/integration/expect.bash
# shellcheck source=test/integration/debian-root.bash
source test/integration/debian-root.bash
make_root "${1:-$work/root}" zabbix-server-pgsql zabbix-frontend-php postgresql php-cli php-pgsql php-mbstring php-xml \
  php-gd php-bcmath php-curl

exporter=127.0.0.1:28335 frontend=127.0.0.1:28336 database=28337 trapper=28338

# PostgreSQL, anew at each run.
bin=/usr/lib/postgresql/17/bin
rm -rf "$root/srv/zabbix"
mkdir -p "$root/srv/zabbix" "$root/run/postgresql" "$root/run/zabbix"
in_root chown -R postgres:postgres /srv/zabbix /run/postgresql
as_postgres() { in_root setpriv --reuid=postgres --regid=postgres --clear-groups env HOME=/srv/zabbix "$@"; }
as_postgres "$bin/initdb" -D /srv/zabbix/data --auth=trust --no-sync >"$work/initdb.log"
start postgres in_root setpriv --reuid=postgres --regid=postgres --clear-groups "$bin/postgres" -D /srv/zabbix/data \
  -p "$database" -c listen_addresses=127.0.0.1 -c fsync=off -c unix_socket_directories=/run/postgresql
query() { as_postgres "$bin/psql" -h 127.0.0.1 -p "$database" "$@"; }
within 60 query -qc 'select 1' >"$work/select" 2>&1
query -qc "create role zabbix login password 'zabbix'" -c 'create database zabbix owner zabbix'
for part in schema images data; do
  in_root bash -c "zcat /usr/share/zabbix-server-pgsql/$part.sql.gz | PGOPTIONS='-c synchronous_commit=off' $bin/psql -q -h 127.0.0.1 -p $database -U zabbix zabbix" >"$work/$part.log" 2>&1
done

cat >"$root/srv/zabbix/server.conf" <<X
DBHost=127.0.0.1
DBPort=$database
DBName=zabbix
DBUser=zabbix
DBPassword=zabbix
ListenPort=$trapper
ListenIP=127.0.0.1
LogType=console
PidFile=/srv/zabbix/server.pid
SocketDir=/srv/zabbix
StartPollers=1
StartHTTPAgentPollers=1
CacheUpdateFrequency=2
X
mkdir -p "$root/etc/zabbix/web"
for conf in "$root/etc/zabbix/zabbix.conf.php" "$root/etc/zabbix/web/zabbix.conf.php" "$root/usr/share/zabbix/conf/zabbix.conf.php"; do
  [ -L "$conf" ] && continue
  cat >"$conf" <<X
<?php
\$DB['TYPE'] = 'POSTGRESQL';
\$DB['SERVER'] = '127.0.0.1';
\$DB['PORT'] = '$database';
\$DB['DATABASE'] = 'zabbix';
\$DB['USER'] = 'zabbix';
\$DB['PASSWORD'] = 'zabbix';
\$DB['SCHEMA'] = '';
\$DB['ENCRYPTION'] = false;
\$ZBX_SERVER = '127.0.0.1';
\$ZBX_SERVER_PORT = '$trapper';
X
done
in_root chown -R zabbix /srv/zabbix/server.conf /run/zabbix
chmod 777 "$root/srv/zabbix"
start exporter npx node src/main.ts demo --web.listen-address="$exporter" --log.level=warn
start server in_root setpriv --reuid=zabbix --clear-groups --regid=zabbix zabbix_server -f -c /srv/zabbix/server.conf
start frontend in_root php -d max_execution_time=300 -d memory_limit=256M -d post_max_size=16M -S "$frontend" -t /usr/share/zabbix

export ZABBIX="http://$frontend/api_jsonrpc.php"
# zabbix COMMAND...: of zabbix-ask.mjs.
zabbix() { npx node test/integration/zabbix-ask.mjs "$@"; }
within 120 zabbix login >"$work/token"
ZABBIX_TOKEN=$(cat "$work/token")
export ZABBIX_TOKEN
expect "the template is imported as it is" zabbix import deploy/zabbix/cloudflare-interconnect.yaml
expect "a host is made with it" zabbix host "http://$exporter"
expect "discovery finds 12 circuits, each with a state that is a word" within 240 zabbix states 12
expect "the states are the exporter's" within 90 zabbix agrees "http://$exporter"
expect "no item is in error" zabbix healthy
expect "items have the tags of their circuit" zabbix tagged
expect "a circuit that is Down is a problem, with its name" within 180 zabbix problem ' is (Down|Unhealthy|not known)$'
