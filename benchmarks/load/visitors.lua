-- As follow.lua, but every request comes from an address, a browser and languages of its own: 10,000 visitors drawn once,
-- the same at each run. The server must trust the client's X-Forwarded-For.

dofile((os.getenv("FOLLOW"):gsub("visitors.lua$", "follow.lua")))

local agents = {
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (X11; Linux x86_64; rv:%d.0) Gecko/20100101 Firefox/%d.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.%d Mobile/15E148 Safari/604.1",
}
local languages = { "en-US,en;q=0.9", "de-DE,de;q=0.9,en;q=0.8", "fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7", "pt-BR,pt;q=0.9" }

function init(args)
  math.randomseed(20261122)
  local all = {}
  for line in io.lines(os.getenv("ALIASES")) do
    local version = math.random(100, 141)
    wrk.headers["User-Agent"] = string.format(agents[math.random(#agents)], version, version)
    wrk.headers["Accept-Language"] = languages[math.random(#languages)]
    wrk.headers["X-Forwarded-For"] =
      math.random(1, 223) .. "." .. math.random(0, 255) .. "." .. math.random(0, 255) .. "." .. math.random(0, 255)
    all[#all + 1] = wrk.format("GET", "/" .. line:match("^[^\t]+"))
  end
  use(all)
end
