/* What the files of the service share. */
#ifndef API_SERVICE_INTERNAL_H
#define API_SERVICE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <udcg/api/handler.h>
#include <udcg/api/service.h>

struct service {
	char *timeline, *database_path;
	char *public_url; /* "" where there is none */
	const char *prefix; /* its path: points into public_url */
	size_t memory_database_max;
	unsigned max_age;
	int64_t query_budget;
	char *unfinished; /* path of the database while it is being built; NULL: in memory */
	bool (*progress)(void *context, size_t records);
	void *progress_context;

	bool adopted; /* the dataset in force was trusted by its looks; the loader's own */
	bool damaged; /* and was taken out of force for that, at the last load; the loader's own */

	pthread_mutex_t mutex; /* guards what follows, the atomics aside */
	struct dataset *dataset;
	char *load_failure; /* why the last load failed; NULL where it did not */
	uint64_t loads, failed_loads;
	bool last_load_failed;

	_Atomic uint64_t generation;
	_Atomic bool draining;
};

struct session {
	struct service *service;
	struct dataset *dataset; /* held */
	struct database *database;
	bool stays; /* on its dataset, whichever is in force */
	struct arena arena;
};

/* The dataset in force, held for the caller; NULL before the first, and where that proved damaged. */
struct dataset *service_dataset(struct service *service);
/* A copy of why the last load failed, in memory of the arena; NULL where it did not. */
const char *service_load_failure(struct service *service, struct arena *arena);

/* Brings the session onto the dataset in force. */
enum store_status session_renew(struct session *session) __attribute__((warn_unused_result));

/* A dataset made of the timeline file, not yet in force: a database file of it is still the unfinished
 * one. */
enum service_status dataset_build(const struct service *service, struct strbuf *reason,
	struct dataset **ret_dataset) __attribute__((warn_unused_result));

/* The dataset that an earlier start left in --db, where it is still that of the file by its looks;
 * else NULL. */
struct dataset *dataset_adopt(const struct service *service);
/* The same by digest: reads the file through. */
bool dataset_is_of_file(const struct service *service, const struct dataset *dataset);
/* STORE_CORRUPT where the database is damaged: reads it through. */
enum store_status dataset_check(const struct dataset *dataset) __attribute__((warn_unused_result));

struct task;
/* Makes of the task's reply one that is made while it is sent: its request anew, with all that it needs
 * its own, the session's database included. False: the exchange's problem is the reply. */
bool stream_open(struct task *task) __attribute__((warn_unused_result));

#endif
