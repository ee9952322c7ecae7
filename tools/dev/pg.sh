#!/usr/bin/env bash
# pg.sh start DIR [durable] | stop DIR: a PostgreSQL of our own in DIR, reached only by a socket in that folder.
# start prints the URI of its superuser; stop ends the server and deletes DIR. Not durable unless asked (fsync off), so for
# tests only. The empty cluster is made once and kept as an archive in the cache: a start takes under a second.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
verb=${1:-} dir=${2:-} durable=${3:-}
bin=/usr/lib/postgresql/15/bin
template=$cache/pg-template-15.tar

# PostgreSQL refuses to run as root: then Debian's user of that name owns and runs it.
as_owner() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && setpriv --reuid=postgres --regid=postgres --clear-groups env HOME=/ "$@")
	else
		"$@"
	fi
}

own() {
	[ "$(id -u)" != 0 ] || chown -R postgres:postgres "$@"
}

make_template() {
	local made
	made=$(mktemp -d)
	own "$made"
	as_owner "$bin/initdb" -D "$made/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
	tar -C "$made" -cf "$template.$$" data
	mv "$template.$$" "$template"
	rm -rf "$made"
}

write_settings() {
	cat >>"$dir/data/postgresql.conf" <<-END
		listen_addresses = ''
		unix_socket_directories = '$dir'
		max_connections = 200
		shared_buffers = 64MB
		log_min_messages = fatal
	END
	[ "$durable" = durable ] || cat >>"$dir/data/postgresql.conf" <<-END
		fsync = off
		synchronous_commit = off
		full_page_writes = off
		max_wal_size = 256MB
	END
}

start() {
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	[ -e "$template" ] || make_template
	tar -C "$dir" -xf "$template"
	write_settings
	own "$dir"
	as_owner "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 30 start >/dev/null || { cat "$dir/log" >&2; die 'PostgreSQL did not start'; }
	echo "postgresql:///postgres?host=$dir&user=postgres"
}

stop() {
	[ -e "$dir/data/postmaster.pid" ] && as_owner "$bin/pg_ctl" -D "$(cd "$dir" && pwd)/data" -m immediate -w stop >/dev/null
	rm -rf "$dir"
}

case "$verb:$dir" in
start:?*) start ;;
stop:?*) stop ;;
*) die 'usage: tools/dev/pg.sh start DIR [durable] | stop DIR' ;;
esac
