#!/usr/bin/env bash
# package.sh [FOLDER]: makes a Debian package of the release build and the web pages in FOLDER (build/package). Nothing is installed.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
out=${1:-build/package} step_of=4
version=$(sed -n "s/^ *version: '\(.*\)',/\1/p" meson.build | head -n 1)
machine=$(dpkg --print-architecture)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

step 'build as it is shipped'
tools/dev/build.sh release
step 'web pages'
tools/dev/web.sh

step 'files'
install -D -m 755 build/release/anxin "$tree/usr/bin/anxin"
strip --strip-unneeded "$tree/usr/bin/anxin"
mkdir -p "$tree/usr/share/anxin" "$tree/usr/share/doc/anxin" "$tree/DEBIAN"
cp -r web/dist "$tree/usr/share/anxin/web"
rm -rf "$tree/usr/share/anxin/web/demo" # a shop that does not exist
cp -r packs "$tree/usr/share/anxin/packs"
install -D -m 644 -t "$tree/usr/share/anxin/understanding" build/release/appliance.knowledge build/release/e5-small-q4.bin
cp -r README.md NOTICE docs/guide/operator docs/guide/user "$tree/usr/share/doc/anxin"
cp LICENSE "$tree/usr/share/doc/anxin/copyright"
install -D -m 644 packaging/anxin.service "$tree/lib/systemd/system/anxin.service"
install -D -m 640 packaging/environment "$tree/etc/anxin/environment"
find "$tree" -type d -exec chmod 755 {} +
find "$tree/usr/share" -type f -exec chmod 644 {} +
printf '/etc/anxin/environment\n' >"$tree/DEBIAN/conffiles"
for script in postinst prerm postrm; do install -m 755 "packaging/$script" "$tree/DEBIAN/$script"; done

# The packages of the libraries that the program names itself; what those need is theirs.
needs() {
	objdump -p "$tree/usr/bin/anxin" | sed -n 's/^ *NEEDED *//p' | while read -r library; do
		path=$(ldd "$tree/usr/bin/anxin" | sed -n "s/^[[:space:]]*$library => \([^ ]*\).*/\1/p")
		[ -n "$path" ] || continue      # the loader itself, which comes with libc
		dpkg-query -S "$(readlink -f "$path")" 2>/dev/null || dpkg-query -S "$path"
	done | cut -d: -f1 | sort -u
}
depends=$(needs | paste -sd, | sed 's/,/, /g')
cat >"$tree/DEBIAN/control" <<END
Package: anxin
Version: $version
Architecture: $machine
Maintainer: Anxin maintainers <maintainers@anxin.invalid>
Section: web
Priority: optional
Depends: adduser, tzdata, $depends
Recommends: postgresql-client
Suggests: nginx
Installed-Size: $(du -sk --exclude=DEBIAN "$tree" | cut -f1)
Description: customer service and after-sales for makers of appliances
 One server with its web pages: tickets, customers, devices, on SQLite or PostgreSQL.
END

step 'package'
mkdir -p "$out"
file="$out/anxin_${version}_$machine.deb"
dpkg-deb --root-owner-group -Zxz --build "$tree" "$file" >&2
printf '%s\n' "$file"
