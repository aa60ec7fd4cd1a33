# Sourced by the load benchmarks: builds, starts servers on 127.0.0.1, measures, and leaves nothing behind.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# A server must not find settings of the shell that it runs in.
unset ASPNETCORE_URLS OTEL_EXPORTER_OTLP_ENDPOINT "${!SIGNPOST_@}"

here=$PWD/benchmarks/load
bin=$PWD/artifacts/bin
work=$(mktemp -d -t signpost-load-XXXXXX)
pids=()

# shellcheck disable=SC2317
clean_up() {
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do
    for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap clean_up EXIT

need() { command -v "$1" >/dev/null || { echo "$1 is missing: apt-get install $1" >&2; exit 1; }; }

build() {
  [ -z "${NO_BUILD:-}" ] || return 0
  need wrk
  for project in src/Signpost benchmarks/Baseline benchmarks/Signpost.Benchmarks; do
    dotnet build "$project" -c Release --nologo -v quiet >"$work/build.log" || { cat "$work/build.log"; exit 1; }
  done
}

# As deploy/publish makes it, for machines without .NET. Its path is then in $published.
publish() {
  local folder=$PWD/artifacts/published
  [ -n "${NO_BUILD:-}" ] || deploy/publish "$folder" "linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')" >/dev/null
  published=$(echo "$folder"/signpost-*/signpost)
}

tool() { "$bin/Signpost.Benchmarks/release/Signpost.Benchmarks" "$@"; }

# start NAME COMMAND...: runs it in the background; its id is then in $started.
start() {
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 &
  started=$!
  pids+=("$started")
}

# It runs the ordinary build, or $program.
start_signpost() { # NAME DATA PORT [NAME=VALUE...]
  local name=$1 data=$2 port=$3
  shift 3
  start "$name" env SIGNPOST_DATA_DIR="$data" Logging__LogLevel__Default=Warning "$@" \
    "${program:-$bin/Signpost/release/Signpost}" --urls "http://127.0.0.1:$port"
}

# What redirects are measured on, over the links of the file $aliases: nginx with one worker, the baseline, or Signpost with
# that durability of clicks. The id of the process that does the work is then in $started.
start_redirects() { # nginx|baseline|process|disk PORT
  case $1 in
    baseline) start baseline "$bin/Baseline/release/Baseline" "$aliases" --urls "http://127.0.0.1:$2" ;;
    nginx)
      sed "s|DIRECTORY|$work|; s|PORT|$2|" "$here/nginx.conf" >"$work/nginx.conf"
      awk -F'\t' '{ print "/" $1 " \"" $2 "\";" }' "$aliases" >"$work/nginx-map"
      start nginx nginx -c "$work/nginx.conf" -p "$work" ;;
    *)
      tool seed "$work/$1" "$(wc -l <"$aliases")"
      start_signpost "$1" "$work/$1" "$2" SIGNPOST_CLICK_DURABILITY="$1" ;;
  esac
  wait_for "$2" "$(head -1 "$aliases" | cut -f1)"
  [ "$1" != nginx ] || started=$(pgrep -P "$started")
}

# With an account whose key is $owned_key; `tool own` then gives it all links.
owned_key=benchmark-key-0123456789abcdef0123456789
start_owned() { # NAME DATA PORT ALIAS
  start_signpost "$1" "$2" "$3" SIGNPOST_API_KEY="$owned_key" SIGNPOST_API_REQUESTS_PER_MINUTE=0 \
    SIGNPOST_ADMIN_EMAIL=ada@example.org SIGNPOST_ADMIN_PASSWORD="correct horse battery staple"
  wait_for "$3" "$4"
}

# Waits until a path is answered with a redirect.
wait_for() { # PORT PATH
  for _ in $(seq 600); do
    [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$1/$2" || true)" = 302 ] && return
    sleep 0.1
  done
  echo "The server on port $1 does not answer:" >&2
  cat "$work"/*.log >&2
  exit 1
}

stop() { # PID
  kill -TERM "$1" 2>/dev/null || true
  while kill -0 "$1" 2>/dev/null; do sleep 0.1; done
}

# Until every click of earlier rounds is stored, so that no round pays for the one before.
wait_until_stored() { # PORT [SECONDS]
  local end=$((SECONDS + ${2:-120}))
  until curl -s -m 10 "http://127.0.0.1:$1/readyz" | grep -q '"journal_bytes":0'; do
    if [ "$SECONDS" -ge "$end" ]; then
      echo "The server on port $1 has not stored all clicks after ${2:-120} s:" >&2
      curl -s -m 10 "http://127.0.0.1:$1/readyz" >&2 || true
      exit 1
    fi
    sleep 0.1
  done
}

# Until no day that is over waits to be rolled up; what is of today may stay in memory.
wait_until_rolled() { # DATA
  local open
  while read -r _ open _ < <(tool kept "$1"); [ "$open" -gt 0 ]; do sleep 1; done
}

# What the links alone take is not of the clicks.
sizes() { # DATA EMPTY
  tool kept "$1" | awk -v empty="$2" \
    '{ printf "on the disk: %.1f bytes a click, %.1f for rollups, %.1f for columns of days\n", ($4 - empty - $5 - $6) / $3, $5 / $3, $6 / $3 }'
}

since() { awk -v a="$1" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }'; }

per_second() { awk -v n="$1" -v t="$2" 'BEGIN { printf "%.0f", n / t }'; }

peak_mb() { awk '/^VmHWM/ { printf "%.0f\n", $2 / 1024 }' "/proc/$1/status"; }

resident_mb() { awk '/^VmRSS/ { printf "%.0f\n", $2 / 1024 }' "/proc/$1/status"; }

# User and system time so far, in milliseconds. The name in the second field may hold blanks.
cpu_ms() { sed 's/.*) //' "/proc/$1/stat" | awk -v hz="$(getconf CLK_TCK)" '{ print ($12 + $13) * 1000 / hz }'; }

# The same of the threads that sockets are served on. nginx serves them on the worker's only one.
socket_ms() { # PID
  local task threads=()
  for task in "/proc/$1/task"/*; do [ "$(cat "$task/comm")" != ".NET Sockets" ] || threads+=("$task/stat"); done
  [ ${#threads[@]} -gt 0 ] || threads=("/proc/$1/stat")
  sed 's/.*) //' "${threads[@]}" | awk -v hz="$(getconf CLK_TCK)" '{ ms += ($12 + $13) * 1000 / hz } END { print ms }'
}

# Follows the aliases of a file; prints "requests seconds p50_us p99_us errors".
follow() { # PORT SECONDS ALIASES [CONNECTIONS]
  ALIASES=$3 wrk -t1 -c"${4:-64}" -d"$2s" -s "${FOLLOW:-$here/follow.lua}" "http://127.0.0.1:$1" | sed -n 's/^RESULT //p'
}

median() { sort -g | awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
