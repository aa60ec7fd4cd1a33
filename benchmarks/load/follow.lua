-- Follows the aliases of the file named in ALIASES, one after the other and again from the start. The requests are made
-- beforehand, so that the client costs little. ONCE=1: each alias once; then wrk is told to end, as by Ctrl-C.

local requests, next_one, once = {}, 0, os.getenv("ONCE") == "1"

function init(args)
  wrk.headers["User-Agent"] =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
  for line in io.lines(os.getenv("ALIASES")) do
    requests[#requests + 1] = wrk.format("GET", "/" .. line:match("^[^\t]+"))
  end
end

-- For scripts that make other requests.
function use(all) requests = all end

function request()
  next_one = next_one + 1
  if next_one > #requests then
    next_one = 1
    if once then
      once = false
      -- A little later: while it waits for a command, a process ignores this signal.
      os.execute("(sleep 0.1; kill -INT " .. io.open("/proc/self/stat"):read("*n") .. ") &")
    end
  end
  return requests[next_one]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %.3f %d %d %d\n",
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
