#include "service_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *copy_or_empty(const char *text)
{
	return strdup(text ? text : "");
}

/* The path of an absolute URL: what follows its authority. */
static const char *url_path(const char *url)
{
	const char *authority = strstr(url, "://");
	const char *path = authority ? strchr(authority + 3, '/') : NULL;
	return path ? path : url + strlen(url);
}

struct service *service_create(const struct service_options *options)
{
	struct service *service = calloc(1, sizeof(*service));
	if (!service)
		return NULL;
	pthread_mutex_init(&service->mutex, NULL);
	service->timeline = copy_or_empty(options->timeline);
	service->public_url = copy_or_empty(options->public_url);
	if (options->database) {
		service->database_path = strdup(options->database);
		if (asprintf(&service->unfinished, "%s.new", options->database) < 0)
			service->unfinished = NULL;
	}
	service->memory_database_max = options->memory_database_max;
	service->max_age = options->max_age;
	service->query_budget = options->query_budget;
	service->progress = options->progress;
	service->progress_context = options->progress_context;
	if (!service->timeline || !service->public_url
		|| (options->database && (!service->database_path || !service->unfinished))) {
		service_free(service);
		return NULL;
	}
	service->prefix = url_path(service->public_url);
	return service;
}

void service_free(struct service *service)
{
	if (!service)
		return;
	dataset_release(service->dataset);
	pthread_mutex_destroy(&service->mutex);
	free(service->load_failure);
	free(service->timeline);
	free(service->public_url);
	free(service->database_path);
	free(service->unfinished);
	free(service);
}

/* The file that was built takes its name. */
static bool publish(const struct service *service, struct strbuf *reason)
{
	if (!service->unfinished || service->adopted
		|| rename(service->unfinished, service->database_path) == 0)
		return true;
	strbuf_append_format(reason, "%s: %m", service->database_path);
	unlink(service->unfinished);
	return false;
}

static void set_dataset(struct service *service, struct dataset *dataset)
{
	dataset->generation = atomic_load(&service->generation) + 1;
	service->dataset = dataset;
	atomic_store(&service->generation, dataset->generation);
}

/* Under one lock: whoever finds another database in the file than its dataset's has a newer dataset to
 * ask for. One that says what is said already is published only. */
static enum service_status put_in_force(struct service *service, struct dataset *dataset,
	bool is_same, struct strbuf *reason)
{
	struct dataset *leaving = dataset;
	pthread_mutex_lock(&service->mutex);
	bool good = publish(service, reason);
	if (good) {
		service->loads++;
		service->last_load_failed = false;
		free(service->load_failure);
		service->load_failure = NULL;
	}
	if (good && !is_same) {
		leaving = service->dataset;
		set_dataset(service, dataset);
	}
	pthread_mutex_unlock(&service->mutex);
	dataset_replace(leaving);
	dataset_release(leaving);
	if (!good)
		return SERVICE_SYSTEM;
	return is_same ? SERVICE_UNCHANGED : SERVICE_OK;
}

static void note_failure(struct service *service, const struct strbuf *reason)
{
	pthread_mutex_lock(&service->mutex);
	service->failed_loads++;
	service->last_load_failed = true;
	free(service->load_failure);
	service->load_failure = reason->failed ? NULL : strdup(reason->data ? reason->data : "");
	pthread_mutex_unlock(&service->mutex);
}

/* Says the same as what is being served: not worth emptying every cache for. */
static bool is_in_force(struct service *service, const struct dataset *dataset)
{
	struct dataset *current = service_dataset(service);
	bool same = current && strcmp(current->card.version, dataset->card.version) == 0;
	dataset_release(current);
	return same;
}

/* Whatever it says may be wrong: better to say nothing until the timeline is loaded anew. */
static void take_out_of_force(struct service *service)
{
	pthread_mutex_lock(&service->mutex);
	struct dataset *damaged = service->dataset;
	service->dataset = NULL;
	atomic_fetch_add(&service->generation, 1);
	pthread_mutex_unlock(&service->mutex);
	dataset_replace(damaged);
	dataset_release(damaged);
}

/* What was taken by its looks is read through, once. */
static bool still_of_file(struct service *service)
{
	struct dataset *dataset = service_dataset(service);
	enum store_status status = dataset_check(dataset);
	bool holds = status == STORE_OK && dataset_is_of_file(service, dataset);
	dataset_release(dataset);
	service->adopted = false;
	service->damaged = status == STORE_CORRUPT;
	return holds;
}

enum service_status service_load(struct service *service, struct strbuf *reason)
{
	bool first = !service_generation(service);
	bool doubted = service->adopted;
	service->damaged = false;
	if (doubted && still_of_file(service))
		return SERVICE_UNCHANGED;
	if (service->damaged) {
		take_out_of_force(service);
		strbuf_append_text(reason, "the database is damaged; it is made anew");
		note_failure(service, reason);
		return SERVICE_SYSTEM;
	}
	struct dataset *dataset = first ? dataset_adopt(service) : NULL;
	enum service_status status = SERVICE_OK;
	service->adopted = dataset;
	if (!dataset)
		status = dataset_build(service, reason, &dataset);
	/* What was found damaged said that it is the same. */
	if (status == SERVICE_OK)
		status = put_in_force(service, dataset, !doubted && is_in_force(service, dataset),
			reason);
	if (status != SERVICE_OK && status != SERVICE_UNCHANGED)
		note_failure(service, reason);
	return status;
}

const char *service_unfinished(const struct service *service)
{
	return service->unfinished;
}

bool service_needs_load(const struct service *service)
{
	return service->adopted || service->damaged;
}

void service_drain(struct service *service)
{
	atomic_store(&service->draining, true);
}

uint64_t service_generation(const struct service *service)
{
	return atomic_load_explicit(&service->generation, memory_order_acquire);
}

struct dataset *service_dataset(struct service *service)
{
	pthread_mutex_lock(&service->mutex);
	struct dataset *dataset = service->dataset ? dataset_hold(service->dataset) : NULL;
	pthread_mutex_unlock(&service->mutex);
	return dataset;
}

const char *service_load_failure(struct service *service, struct arena *arena)
{
	pthread_mutex_lock(&service->mutex);
	const char *failure = service->load_failure
		? arena_copy(arena, bytes_of(service->load_failure)).data
		: NULL;
	pthread_mutex_unlock(&service->mutex);
	return failure;
}

const char *exchange_load_failure(struct exchange *exchange)
{
	return service_load_failure(exchange->service, exchange->arena);
}

void service_facts(struct service *service, struct dataset_facts *ret_facts)
{
	struct dataset_facts facts = {0};
	pthread_mutex_lock(&service->mutex);
	const struct dataset *dataset = service->dataset;
	facts.loads = service->loads;
	facts.failed_loads = service->failed_loads;
	facts.last_load_failed = service->last_load_failed;
	if (dataset) {
		facts.ready = true;
		facts.generation = dataset->generation;
		memcpy(facts.version, dataset->card.version, sizeof(facts.version));
		strncat(facts.released, dataset->card.released, sizeof(facts.released) - 1);
		memcpy(facts.counts, dataset->card.counts, sizeof(facts.counts));
	}
	pthread_mutex_unlock(&service->mutex);
	*ret_facts = facts;
}
