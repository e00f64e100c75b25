#!/usr/bin/env bash
# Sends hostile requests to every route that the served interface description names: signed in as each role, and
# signed out. No answer may be a 5xx, break its own description, or be a success without a session.
#
#   SCHEMATHESIS   the program (4.32.5); .venv/bin/schemathesis when left out
#   SECONDS_EACH   for each role and for nobody; 15 when left out
#
# Serves a world of its own with one account a role, prints "N passed; M failed" over all requests, fails if M > 0,
# if fewer than 2,000 were sent, or fewer than 500 as one of them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

schemathesis=${SCHEMATHESIS:-$PWD/.venv/bin/schemathesis}
seconds=${SECONDS_EACH:-15}
least=2000
least_each=500
work=$(mktemp -d "${TMPDIR:-/tmp}/relink-hostile-XXXXXX")

finish() {
    trap - EXIT
    # The world ends when its input closes.
    exec 8>&- || true
    # Whatever still runs: the world, and the programs that ask it.
    jobs -p | xargs -r kill 2>/dev/null || true
    wait || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

"$schemathesis" --version | grep -q '4\.32\.5' || { echo "schemathesis 4.32.5 is not to be found"; exit 1; }
# Chosen together as everywhere, so that nothing is built twice.
cargo build --locked --quiet --package api --package tests --example served_world
program=$(cargo metadata --locked --no-deps --format-version 1 |
    sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/examples/served_world

mkfifo "$work/stay"
"$program" <"$work/stay" >"$work/world" 2>"$work/log" &
world=$!
exec 8>"$work/stay"
for _ in $(seq 300); do
    ! grep -q '^ready$' "$work/world" || break
    kill -0 "$world" 2>/dev/null || { cat "$work/log"; exit 1; }
    sleep 0.1
done
address=$(awk '$1 == "address" { print $2 }' "$work/world")

# What every answer must keep to. A role may meet 401, 403 and 404 anywhere, so what counts is that each is described.
checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
passed=0
failed=0
# The program keeps notes of its own where it runs.
cd "$work"

# hostile WHO [OPTIONS]   one run. What ends the session that asks is left out: the rest would meet a closed door.
# One worker: the program's own threads trip over each other with more. Two of the programs do not.
hostile() {
    local who=$1 status=0
    shift
    "$schemathesis" run "$address/api/v1/openapi.json" --checks "$checks" --phases coverage,fuzzing --mode all \
        --exclude-path-regex '/session$|/me/sessions/|/me/password|/accounts/\{id\}' --max-time "$seconds" \
        --workers 1 --continue-on-failure --seed 7 --no-color --warnings off --request-timeout 20 \
        --report ndjson --report-ndjson-path "$work/$who.ndjson" "$@" >"$work/$who" 2>&1 || status=$?
    echo "$status" >"$work/$who.status"
}

# count WHO   what a run that has ended came to.
count() {
    local who=$1 status sent
    status=$(cat "$work/$who.status")
    sent=$(awk '/ generated, / { print $1 }' "$work/$who")
    passed=$((passed + ${sent:-0}))
    printf '%-24s %6d requests, status %d\n' "$who" "${sent:-0}" "$status"
    if [ "$status" != 0 ] || [ "${sent:-0}" -lt "$least_each" ]; then
        failed=$((failed + 1))
        sed -n '/==== /,$p' "$work/$who"
    fi
}

everybody=()
runs=()
while read -r role token; do
    everybody+=("$role")
    # Two at a time: the first of a pair is waited for with the second.
    hostile "$role" --header "Authorization: Bearer $token" &
    runs+=("$!")
    if [ "${#runs[@]}" = 2 ]; then
        wait "${runs[@]}"
        runs=()
    fi
done < <(grep -vE '^(address|ready)' "$work/world")
everybody+=(nobody)
hostile nobody &
wait "${runs[@]}" "$!"
for who in "${everybody[@]}"; do
    count "$who"
done

cd - >/dev/null

# Without a session only what is meant for strangers may succeed.
python3 - "$work/nobody.ndjson" <<'PYTHON' || failed=$((failed + 1))
import json, re, sys
open_to_all = re.compile(r"/health/|/api/v1/openapi\.json")
wrong = set()
def walk(node):
    if isinstance(node, dict):
        status, request = node.get("response", {}), node.get("request", {})
        if isinstance(status, dict) and isinstance(request, dict) and 200 <= (status.get("status_code") or 0) < 300:
            if not open_to_all.search(request.get("uri", "")):
                wrong.add((request.get("method"), request.get("uri")))
        for inner in node.values():
            walk(inner)
    elif isinstance(node, list):
        for inner in node:
            walk(inner)
for line in open(sys.argv[1]):
    walk(json.loads(line))
for method, uri in sorted(wrong):
    print("answered without a session:", method, uri)
sys.exit(bool(wrong))
PYTHON

if grep -qiE 'panicked' "$work/log"; then
    failed=$((failed + 1))
    grep -iE -A3 'panicked' "$work/log"
fi
if [ "$passed" -lt "$least" ]; then
    failed=$((failed + 1))
    echo "only $passed requests were sent; at least $least are wanted"
fi
printf '%d passed; %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
