#!/usr/bin/env bash
# Drives the real window by mouse and keyboard, from the welcome place to an exported order list, on a display of its own.
#   tests/drive.sh [path of the stockcast program]
# Needs Xvfb, xdotool, ImageMagick's import, and Mesa's software GL. Pictures of every step are kept in the folder that DRIVE_OUT names.
set -euo pipefail

program=$(realpath "${1:-target/release/stockcast}")
out=${DRIVE_OUT:-$(mktemp -d)}
mkdir -p "$out"
rm -f "$out"/*.csv "$out"/*.png "$out"/trace.txt
home=$(mktemp -d)
display=:${DRIVE_DISPLAY:-97}
export DISPLAY=$display LIBGL_ALWAYS_SOFTWARE=1 STOCKCAST_HOME=$home STOCKCAST_TRACE=$out/trace.txt HOME=$home

Xvfb "$display" -screen 0 1280x800x24 +extension GLX >"$out/xvfb.log" 2>&1 &
server=$!
app=
trap 'kill $app $server 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$home"' EXIT
for _ in $(seq 50); do xdotool getdisplaygeometry >/dev/null 2>&1 && break; sleep 0.1; done

fail() { echo "drive: $*" >&2; import -window root "$out/failed.png" || true; cat "$out/app.log" >&2; exit 1; }
# up to $1 seconds for a condition
wait_for() { local end=$((SECONDS + $1)); shift; until "$@"; do [ $SECONDS -lt $end ] || return 1; kill -0 "$app" || return 1; sleep 0.2; done; }
shot() { sleep 0.7; import -window root "$out/$1.png"; }
# the program has had nothing to do for a while
idle() { local a b; a=$(cut -d' ' -f14,15 "/proc/$app/stat"); sleep 1.5; b=$(cut -d' ' -f14,15 "/proc/$app/stat"); [ $(( ${b% *} + ${b#* } - ${a% *} - ${a#* } )) -le 12 ]; }
# there is no window manager to give the window the keys; focus given while it is still being mapped is lost, so wait a moment after its first frame
focus() { sleep 2; for _ in $(seq 50); do xdotool windowfocus "$(xdotool search --onlyvisible --class stockcast | tail -1)" 2>/dev/null && return; sleep 0.2; done; fail "no window"; }
key() { xdotool key --clearmodifiers "$@"; sleep 0.3; }
say() { xdotool type --delay 25 -- "$1"; sleep 0.4; }

"$program" >"$out/app.log" 2>&1 &
app=$!
wait_for 20 grep -q first_frame "$out/trace.txt" 2>/dev/null || fail "no first frame"
focus
shot 1-welcome

# the mouse: the button of the welcome place
xdotool mousemove 309 215 click 1
wait_for 60 grep -q opened "$out/trace.txt" || fail "the sample did not open on a click"
wait_for 300 grep -q computed "$out/trace.txt" || fail "the sample was not computed"
wait_for 120 idle || fail "the window does not come to rest"
shot 2-overview

# the keyboard: the palette finds the place, its button approves
key ctrl+k
say "go to orders"
shot 3-palette
key Return
shot 4-orders

# two lines approved by the keyboard; each is an edit that the project keeps, and what is approved is no longer advised
project="$home/projects/Sample shop.stockcast"
[ -s "$project" ] || fail "there is no project file"
key Down
key Return
wait_for 120 idle || fail "the window does not come to rest after an approval"
key Return
wait_for 120 idle || fail "the window does not come to rest after an approval"
shot 5-approved

# exported through the command's key and the path field
key ctrl+e
shot 6-export
key Return
key ctrl+a
say "$out/orders.csv"
shot 7-path
key Return
wait_for 30 test -s "$out/orders.csv" || fail "no order list was written"
shot 8-exported
head -1 "$out/orders.csv" | grep -q '^unique_id,.*order_quantity' || fail "the order list has other columns: $(head -1 "$out/orders.csv")"
[ "$(grep -c ',approved' "$out/orders.csv")" -ge 2 ] || fail "the approved lines are not in the list"

# closed by the keyboard, opened again on its file: the decisions are there
key ctrl+q
wait_for 1 false || true
for _ in $(seq 50); do kill -0 "$app" 2>/dev/null || break; sleep 0.2; done
kill -0 "$app" 2>/dev/null && fail "the window does not close"
rm -f "$out/trace.txt" "$out/again.csv"
"$program" "$project" >"$out/app.log" 2>&1 &
app=$!
wait_for 60 grep -q computed "$out/trace.txt" || fail "the project does not open again"
wait_for 120 idle || fail "the window does not come to rest"
focus
key ctrl+e
key Return
key ctrl+a
say "$out/again.csv"
key Return
wait_for 30 test -s "$out/again.csv" || fail "no order list was written after reopening"
[ "$(grep -c ',approved' "$out/again.csv")" -ge 2 ] || fail "the approvals are lost"
shot 9-again
echo "drive: from the welcome place to $(($(wc -l < "$out/orders.csv") - 1)) exported order lines, and again after reopening; $(grep '^frames' "$out/trace.txt" || true)"
