#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <udcg/base/build_id.h>
#include <udcg/base/clock.h>
#include <udcg/base/log.h>
#include <udcg/http/server.h>
#include <unistd.h>

#include "loader.h"
#include "machine.h"
#include "sandbox.h"
#include "service_setup.h"
#include "shipped.h"
#include "watch.h"

/* Descriptors that are none of a connection: listeners, loops, databases, logs. */
enum { FILES_RESERVED = 24, FILES_PER_THREAD = 6, QUERY_THREADS_MIN = 2 };

/* How long the end waits for a load to notice it. */
enum { LOADER_MILLISECONDS = 250 };

enum waited_for { WAIT_SIGNAL, WAIT_LOADER, WAIT_WATCH, WAIT_COUNT };

struct serving {
	const struct config *config;
	struct service *service;
	struct server *server;
	struct loader *loader;
	struct watch *watch; /* NULL: nobody asked */
	int signal_fd;
	bool loaded; /* the first load is over */
	bool loading, again; /* `again`: what is being loaded is out of date already */
	bool stop;
	_Atomic bool leave_off; /* the load under way is not wanted any more */
	enum exit_status status;
};

static int open_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* The signal that has come, or 0. */
static int take_signal(int fd)
{
	struct signalfd_siginfo info;
	return read(fd, &info, sizeof(info)) == sizeof(info) ? (int)info.ssi_signo : 0;
}

static unsigned or_cpus(int64_t wanted, unsigned least, unsigned most)
{
	unsigned number = wanted > 0 ? (unsigned)wanted : machine_cpus();
	number = number < least ? least : number;
	return number > most ? most : number;
}

/* More connections than there are descriptors would leave clients hanging. */
static unsigned possible_connections(int64_t wanted, unsigned threads)
{
	size_t files = machine_open_files(), reserved = FILES_RESERVED + FILES_PER_THREAD * threads;
	size_t possible = files > reserved ? files - reserved : 1;
	if (possible >= (size_t)wanted)
		return (unsigned)wanted;
	log_event(LOG_WARNING, "fewer connections than asked for",
		LOG_FIELDS({.name = "max_connections", .number = (int64_t)possible},
			{.name = "open_files", .number = (int64_t)files}));
	return (unsigned)possible;
}

static enum exit_status start_server(struct serving *serving)
{
	const struct config *config = serving->config;
	unsigned workers = or_cpus(config->workers, 1, SERVER_WORKERS_MAX);
	unsigned queries = or_cpus(config->query_threads,
		config->query_threads > 0 ? 1 : QUERY_THREADS_MIN, SERVER_QUERY_THREADS_MAX);
	const struct server_options options = {
		.listen = config->listen,
		.admin_listen = config->admin_listen,
		.workers = workers,
		.query_threads = queries,
		.cache_size = (size_t)config->cache_size,
		.max_connections = possible_connections(config->max_connections, workers + queries),
	};
	_cleanup_strbuf_ struct strbuf reason = {0};
	enum server_status status =
		server_create(serving->service, &options, &reason, &serving->server);
	if (status == SERVER_OK) {
		if (!config->no_sandbox)
			sandbox_enter(config->timeline, config->database);
		status = server_start(serving->server, &reason);
	}
	if (status == SERVER_OK)
		return EXIT_DONE;
	complain("%s", words_of(&reason));
	return status == SERVER_ADDRESS ? EXIT_USAGE : EXIT_SYSTEM;
}

static void load(struct serving *serving)
{
	if (serving->loading) {
		serving->again = true;
		return;
	}
	serving->loading = true;
	serving->again = false;
	loader_start(serving->loader);
}

static void log_loaded(const struct serving *serving, int64_t milliseconds)
{
	struct dataset_facts facts;
	service_facts(serving->service, &facts);
	int64_t records = 0;
	for (size_t i = 0; i < sizeof(facts.counts) / sizeof(facts.counts[0]); i++)
		records += (int64_t)facts.counts[i];
	log_event(LOG_INFO, serving->loaded ? "reloaded" : "loaded",
		LOG_FIELDS({.name = "version", .text = facts.version},
			{.name = "released", .text = facts.released},
			{.name = "records", .number = records},
			{.name = "milliseconds", .number = milliseconds}));
}

static void log_failed(const struct serving *serving, const struct loader_result *result)
{
	bool refused = result->status == SERVICE_REFUSED;
	log_event(LOG_ERROR, refused ? "timeline refused" : "timeline not loaded",
		LOG_FIELDS({.name = "timeline", .text = serving->config->timeline},
			{.name = "reason", .text = words_of(&result->reason)}));
}

static void finish_load(struct serving *serving)
{
	struct loader_result result = loader_take(serving->loader);
	serving->loading = false;
	switch (result.status) {
	case SERVICE_OK:
		log_loaded(serving, result.milliseconds);
		server_dataset_changed(serving->server);
		break;
	case SERVICE_UNCHANGED:
		log_event(LOG_INFO, "timeline unchanged", NULL, 0);
		break;
	case SERVICE_REFUSED:
	case SERVICE_SYSTEM:
	default:
		log_failed(serving, &result);
		if (!serving->loaded) {
			serving->status = service_exit_status(result.status);
			serving->stop = true;
		}
		break;
	}
	strbuf_free(&result.reason);
	serving->loaded = true;
	if (serving->again || service_needs_load(serving->service))
		load(serving);
}

/* Until told to stop, or until the first load fails. */
static void attend(struct serving *serving)
{
	struct pollfd waiting[WAIT_COUNT] = {
		[WAIT_SIGNAL] = {.fd = serving->signal_fd, .events = POLLIN},
		[WAIT_LOADER] = {.fd = loader_fd(serving->loader), .events = POLLIN},
		[WAIT_WATCH] = {.fd = serving->watch ? watch_fd(serving->watch) : -1,
			.events = POLLIN},
	};
	while (!serving->stop) {
		poll(waiting, WAIT_COUNT, serving->watch ? watch_wait(serving->watch) : -1);
		int signal = take_signal(serving->signal_fd);
		if (signal == SIGHUP)
			load(serving);
		else if (signal != 0)
			serving->stop = true;
		if (waiting[WAIT_LOADER].revents)
			finish_load(serving);
		if (serving->watch && watch_poll(serving->watch))
			load(serving);
	}
}

static bool keep_loading(void *context, size_t records)
{
	(void)records;
	const struct serving *serving = context;
	return !atomic_load(&serving->leave_off);
}

/* Goes on serving while load balancers learn that this server is about to end. */
static void drain(const struct serving *serving)
{
	log_event(LOG_INFO, "draining", NULL, 0);
	service_drain(serving->service);
	struct pollfd waiting = {.fd = serving->signal_fd, .events = POLLIN};
	int64_t left = serving->config->drain_delay, end = clock_nanoseconds() + left;
	/* A second signal to stop cuts it short; one to reload changes nothing. */
	for (int signal = SIGHUP; signal == SIGHUP && left > 0; left = end - clock_nanoseconds()) {
		const struct timespec delay = {
			.tv_sec = left / 1000000000,
			.tv_nsec = left % 1000000000,
		};
		bool told = ppoll(&waiting, 1, &delay, NULL) > 0;
		signal = told ? take_signal(serving->signal_fd) : 0;
	}
}

/* What a load that is still under way has built so far. */
static void remove_unfinished(const struct service *service)
{
	const char *path = service_unfinished(service);
	if (path)
		unlink(path);
}

static enum exit_status end(struct serving *serving)
{
	bool complete = true;
	atomic_store(&serving->leave_off, true);
	if (serving->server)
		complete = server_stop(serving->server);
	complete = loader_free(serving->loader, LOADER_MILLISECONDS) && complete;
	watch_free(serving->watch);
	if (serving->server)
		log_event(LOG_INFO, "stopped",
			LOG_FIELDS({.name = "status", .number = serving->status}));
	/* A thread still works on what would be freed. */
	if (!complete) {
		remove_unfinished(serving->service);
		_exit((int)serving->status);
	}
	server_free(serving->server);
	service_free(serving->service);
	close(serving->signal_fd);
	return serving->status;
}

static enum exit_status start(struct serving *serving)
{
	const struct load_progress progress = {.call = keep_loading, .context = serving};
	enum exit_status status = service_setup(serving->config, progress, &serving->service);
	if (status != EXIT_DONE)
		return status;
	if (serving->config->watch) {
		serving->watch = watch_create(serving->config->timeline);
		if (!serving->watch) {
			complain("%s cannot be watched: %m", serving->config->timeline);
			return EXIT_SYSTEM;
		}
	}
	serving->loader = loader_create(serving->service);
	if (!serving->loader) {
		complain("not enough memory or descriptors");
		return EXIT_SYSTEM;
	}
	return start_server(serving);
}

static enum exit_status serve(const struct config *config)
{
	struct serving serving = {.config = config, .signal_fd = open_signals()};
	log_configure((struct log_settings){
		.level = (enum log_level)config->log_level,
		.format = (enum log_format)config->log_format,
	});
	log_event(LOG_INFO, "starting",
		LOG_FIELDS({.name = "version", .text = build_version},
			{.name = "build", .text = build_id},
			{.name = "timeline", .text = config->timeline}));
	if (serving.signal_fd < 0)
		complain("not enough memory or descriptors");
	serving.status = serving.signal_fd < 0 ? EXIT_SYSTEM : start(&serving);
	if (serving.status == EXIT_DONE) {
		load(&serving);
		attend(&serving);
		if (serving.status == EXIT_DONE)
			drain(&serving);
	}
	return end(&serving);
}

enum exit_status serve_run(const struct config *config, const char *const *operands)
{
	(void)operands;
	struct config complete = *config;
	char *timeline = NULL;
	enum exit_status status = timeline_path(config->timeline, &timeline);
	complete.timeline = timeline;
	if (status == EXIT_DONE)
		status = serve(&complete);
	free(timeline);
	return status;
}
