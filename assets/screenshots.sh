#!/usr/bin/env bash
# Photographs every place of the window in both themes, under Xvfb with software GL; of the sample shop it makes the pictures of the README too.
#   cargo build --release && assets/screenshots.sh [path of the stockcast program] [folder] [file to open]
# Needs Xvfb, xdotool, ImageMagick and Mesa. Without a file to open it is the sample shop. SHOT_SIZE=1000x640 makes the window smaller.
set -euo pipefail

program=$(realpath "${1:-target/release/stockcast}")
out=${2:-target/screenshots}
file=${3:-}
size=${SHOT_SIZE:-1280x800}
mkdir -p "$out"
work=$(mktemp -d)
export DISPLAY=:${DRIVE_DISPLAY:-99} LIBGL_ALWAYS_SOFTWARE=1 STOCKCAST_HOME=$work STOCKCAST_TRACE=$work/trace.txt
Xvfb "$DISPLAY" -screen 0 "${size}x24" +extension GLX >/dev/null 2>&1 &
server=$!
app=
trap 'kill $app $server 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 50); do xdotool getdisplaygeometry >/dev/null 2>&1 && break; sleep 0.1; done

until_line() { for _ in $(seq 12000); do grep -q "^$1 " "$STOCKCAST_TRACE" 2>/dev/null && return; sleep 0.05; done; echo "no $1" >&2; exit 1; }
# nothing has been computed for a while
rest() { for _ in $(seq 600); do a=$(cut -d' ' -f14,15 "/proc/$app/stat"); sleep 1; b=$(cut -d' ' -f14,15 "/proc/$app/stat"); [ $(( ${b% *} + ${b#* } - ${a% *} - ${a#* } )) -le 8 ] && return; done; }
# a busy machine needs longer between the keys: SHOT_PAUSE=2
pause=${SHOT_PAUSE:-0.8}
palette() { xdotool key --clearmodifiers ctrl+k; sleep "$pause"; xdotool type --delay 40 -- "$1"; sleep "$pause"; xdotool key Return; sleep "$pause"; }

"$program" ${file:+"$file"} >/dev/null 2>&1 &
app=$!
until_line first_frame
# there is no window manager to give it the keys; focus given while it is still being mapped is lost, so wait a moment after its first frame
sleep 2
focused=
for _ in $(seq 50); do xdotool windowfocus "$(xdotool search --onlyvisible --class stockcast | tail -1)" 2>/dev/null && focused=1 && break; sleep 0.2; done
[ -n "$focused" ] || { echo "no window" >&2; exit 1; }
sleep 1
if [ -z "$file" ]; then
    for look in light dark; do palette "use $look theme"; import -window root "$out/welcome_$look.png"; done
    palette "open the sample shop"
fi
case "$file" in '' | *.stockcast | *.toml) ;; *) sleep 4; xdotool key --clearmodifiers Return ;; esac # the import step: everything is clear
until_line computed
rest
for look in dark light; do
    palette "use $look theme"
    for place in overview data items forecast inventory orders routes sustainability scenarios report; do
        palette "go to $place"
        rest
        xdotool mousemove 5 795
        sleep 0.4
        import -window root "$out/${place}_$look.png"
    done
    if [ -z "$file" ]; then
        palette "house espresso"
        rest
        import -window root "$out/item_$look.png"
    fi
done
if [ -z "$file" ] && [ -z "${2:-}" ]; then
    cp "$out/overview_dark.png" assets/window_overview.png
    cp "$out/item_light.png" assets/window_item.png
    cp "$out/orders_light.png" assets/window_orders.png
    cp "$out/routes_dark.png" assets/window_routes.png
fi
echo "pictures are in $out"
