#!/bin/sh
# Every forecasting set, default settings: scores, coverage and CPU seconds, one line a set.
#
#   V/bin/python ../shared/bench/forecast/sets.py /tmp/sets
#   benches/forecast.sh /tmp/sets [MODEL [SET ...]]
#
# PYTHON (default python3) needs pandas and numpy; STOCKCAST is the program (default target/release/stockcast), SCORE the scorer.
set -eu
cd "$(dirname "$0")/.."
sets=$1
model=${2:-auto}
[ $# -ge 2 ] && shift 2 || shift
python=${PYTHON:-python3}
stockcast=${STOCKCAST:-target/release/stockcast}
score=${SCORE:-../shared/bench/forecast/score.py}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- $(ls "$sets")
for name in "$@"; do
    dir=$sets/$name
    field() { "$python" -c "import json,sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])" "$dir/meta.json" "$1"; }
    h=$(field horizon)
    case $(field freq) in D) p=day ;; W) p=week ;; M) p=month ;; Q) p=quarter ;; Y) p=year ;; *) p=hour ;; esac
    run() { "$stockcast" -q forecast "$dir/train.csv" --freq $p --horizon "$h" --model "$model" "$@"; }
    # user and system seconds of the program alone
    cpu=$("$python" -c "
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
u = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f'{u.ru_utime + u.ru_stime:.2f}')" \
        "$stockcast" -q forecast "$dir/train.csv" --freq $p --horizon "$h" --model "$model" --level 80,95 -o "$work/f.csv")
    printf '%-22s cpu=%s' "$name" "$cpu"
    "$python" "$score" "$dir" "$work/f.csv" | sed 's/^[^ ]* *//; s/^/ /' | tr -d '\n'
    case $name in
    carparts* | online* | rossmann*)
        run --paths 200 -o "$work/p.csv"
        printf ' '
        "$python" benches/pit.py "$dir" "$work/p.csv"
        ;;
    *) echo ;;
    esac
done
