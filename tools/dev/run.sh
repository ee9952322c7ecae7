#!/usr/bin/env bash
# run.sh [empty|sim] [PORT]: sets up, builds, loads the demo company into data/ the first time (`empty`: serves data-empty/, where the first-run
# page founds a company; `sim`: plays a month that ends now into data-sim/), and serves until Ctrl-C.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
data=data
case "${1:-}" in
empty | sim)
	data=data-$1
	shift
	;;
esac
port=${1:-8080}
step_of=4

# The demo is loaded beside its place and moved there complete: an interrupted first start leaves no half company.
load_demo() {
	local how=(demo --data $data.new) what='loading the demo company'
	if [ $data = data-sim ]; then
		how=(sim --data $data.new run --days 30 --tickets 25 --to-now)
		what='playing a month, in minutes'
	fi
	note "$what"
	rm -rf $data.new
	build/release/anxin "${how[@]}" >"$cache/demo-accounts.txt"
	mv "$cache/demo-accounts.txt" $data.new/demo-accounts.txt
	mv $data.new $data
}

answers() {
	(exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3 &&
		head -n 1 <&3 | grep -q ' 200 ') 2>/dev/null
}

wait_until_it_answers() {
	local tries=0
	until answers; do
		kill -0 "$server" 2>/dev/null || die 'the server stopped'
		((++tries < 300)) || die 'the page does not answer'
		sleep 0.1
	done
}

step 'set-up'
tools/dev/setup.sh build
step 'build'
tools/dev/build.sh release
step 'web pages'
tools/dev/web.sh
step 'serve'
[ -d $data ] || [ $data = data-empty ] || load_demo
options=()
[ $data = data-empty ] || options=(--set bot.receive=first)      # the demo shows what there is
build/release/anxin serve --data $data --listen "127.0.0.1:$port" --web web/dist "${options[@]}" >/dev/null &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server"; exit 0' INT TERM
wait_until_it_answers
printf '\n  console      http://127.0.0.1:%s      (after %d s; Ctrl-C ends)\n' "$port" $((SECONDS - step_started))
[ $data != data ] || printf '  phone page   http://127.0.0.1:%s/h5/  sign in as 13812345678; the code stands in the console, under outbox\n  a shop       http://127.0.0.1:%s/demo/shop  with the chat of its web pages\n\n' "$port" "$port"
if [ $data != data-empty ]; then
	printf 'account    password     name\n'
	cat $data/demo-accounts.txt
elif word=$(build/release/anxin first-run-word --data $data 2>/dev/null); then
	printf '  there is no company yet; the word that the console asks for: %s\n' "$word"
fi
wait "$server"
