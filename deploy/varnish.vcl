# Keeps what --max-age allows to be kept, and spreads the rest over three replicas.
vcl 4.1;

import directors;

probe ready {
	.url = "/readyz";
	.interval = 1s;
	# On a machine that is full a replica is slow, which is not dead: it would be on all of them.
	.timeout = 5s;
	# One failure is enough: a replica that is told to stop says 503 for its drain delay.
	.window = 2;
	.threshold = 2;
	.initial = 2;
}

backend udcg_1 { .host = "udcg-1"; .port = "8080"; .probe = ready; }
backend udcg_2 { .host = "udcg-2"; .port = "8080"; .probe = ready; }
backend udcg_3 { .host = "udcg-3"; .port = "8080"; .probe = ready; }

sub vcl_init {
	new replicas = directors.round_robin();
	replicas.add_backend(udcg_1);
	replicas.add_backend(udcg_2);
	replicas.add_backend(udcg_3);
}

sub vcl_recv {
	set req.backend_hint = replicas.backend();
	# A URL with a scheme that is not taken off by now would slip past what follows.
	if (req.url !~ "^[/*]") {
		return (synth(400));
	}
	# For operators alone.
	if (req.url ~ "^/(livez|readyz|metrics)(\?|$)") {
		return (synth(404));
	}
	# Replies depend on neither, and either would keep them out of the cache.
	unset req.http.Authorization;
	unset req.http.Cookie;
	# Events are passed on as they come.
	if (req.url ~ "^/v1/changes(\?|$)") {
		return (pipe);
	}
}

sub vcl_backend_fetch {
	# A retry asks each by name: between other requests, the round may come to the same dead one again.
	if (bereq.retries == 0) {
		set bereq.backend = replicas.backend();
	} else if (bereq.retries == 1) {
		set bereq.backend = udcg_1;
	} else if (bereq.retries == 2) {
		set bereq.backend = udcg_2;
	} else {
		set bereq.backend = udcg_3;
	}
}

sub vcl_backend_error {
	# Nothing is ever changed by a request: whatever got no reply may be asked again.
	if (bereq.retries < 3) {
		return (retry);
	}
}
