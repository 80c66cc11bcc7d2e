-- Asks for the targets of a file, one a line, in turn: wrk ... -- FILE FIRST
local requests, place = {}, 0

function init(arguments)
	for target in io.lines(arguments[1]) do
		requests[#requests + 1] = wrk.format("GET", target)
	end
	place = tonumber(arguments[2]) % #requests
end

function request()
	place = place % #requests + 1
	return requests[place]
end

-- requests, microseconds of the run, of the median and of the 99th percentile, failures
function done(summary, latency)
	local errors = summary.errors
	io.write(string.format("\nmeasured %d %d %d %d %d\n",
		summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
		errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
