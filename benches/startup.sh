#!/usr/bin/env bash
# How long the window takes to its first frame, and to a project of 1,000 items opened again: the median of ten starts, under Xvfb with software GL.
#   cargo build --release && benches/startup.sh [path of the stockcast program]
# Needs Xvfb, xdotool, python3 and Mesa. Times are wall milliseconds from the moment before the program is started.
set -euo pipefail

program=$(realpath "${1:-target/release/stockcast}")
work=$(mktemp -d)
export DISPLAY=:${DRIVE_DISPLAY:-98} LIBGL_ALWAYS_SOFTWARE=1 STOCKCAST_HOME=$work/home STOCKCAST_TRACE=$work/trace.txt HOME=$work
Xvfb "$DISPLAY" -screen 0 1280x800x24 +extension GLX >/dev/null 2>&1 &
server=$!
app=
trap 'kill $app $server 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 50); do xdotool getdisplaygeometry >/dev/null 2>&1 && break; sleep 0.1; done

python3 - "$work/sales.csv" <<'P'
import random, sys, datetime
r = random.Random(1)
with open(sys.argv[1], "w") as f:
    f.write("unique_id,ds,y\n")
    start = datetime.date(2023, 10, 2)
    for i in range(1000):
        m = r.lognormvariate(1.5, 0.8)
        for w in range(156):
            f.write(f"SKU{i:04},{start + datetime.timedelta(weeks=w)},{max(0, round(r.gauss(m, m ** 0.5)))}\n")
P

until_line() { for _ in $(seq 6000); do grep -q "^$1 " "$STOCKCAST_TRACE" 2>/dev/null && return; sleep 0.05; done; echo "no $1" >&2; exit 1; }
stop() { kill -TERM $app 2>/dev/null || true; wait $app 2>/dev/null || true; }
at() { grep "^$1 " "$STOCKCAST_TRACE" | cut -d' ' -f2; }
median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
start() { rm -f "$STOCKCAST_TRACE"; began=$(date +%s%3N); "$program" "$@" >/dev/null 2>&1 & app=$!; }

for _ in $(seq 10); do start; until_line first_frame; echo $(( $(at first_frame) - began )); stop; done | median | sed 's/^/first frame of the welcome place, median of ten, ms: /'

start "$work/sales.csv"
until_line computed
# the memory of the engine is written once replay is done
for _ in $(seq 1200); do ls "$STOCKCAST_HOME"/cache/*.engine >/dev/null 2>&1 && break; sleep 0.25; done
sleep 2
stop
project=$(ls "$STOCKCAST_HOME"/projects/*.stockcast)
for _ in $(seq 10); do
    start "$project"; until_line computed
    echo "$(( $(at opened) - began )) $(( $(at computed) - began ))"; stop
done > "$work/times"
cut -d' ' -f1 "$work/times" | median | sed 's/^/a project of 1,000 items open again, median of ten, ms: /'
cut -d' ' -f2 "$work/times" | median | sed 's/^/and its results shown, median of ten, ms: /'
