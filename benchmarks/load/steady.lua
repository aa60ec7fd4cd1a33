-- As follow.lua, but at a steady rate: each connection waits 30 ms before each request, so 64 connections make about 2,000 a second.

dofile((os.getenv("FOLLOW"):gsub("steady.lua$", "follow.lua")))

function delay() return 30 end
