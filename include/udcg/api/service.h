/* What all threads share (the service: options and the dataset in force), and what each thread has
 * of its own (a session: a database handle, statements, memory to work in). */
#ifndef UDCG_API_SERVICE_H
#define UDCG_API_SERVICE_H

#include <stdint.h>
#include <udcg/api/exchange.h>
#include <udcg/base/digest.h>

struct service_options {
	const char *timeline; /* path of the file to serve */
	const char *database; /* path that keeps the database between starts; NULL: in memory */
	size_t memory_database_max; /* bytes that a database in memory may take */
	const char *public_url; /* "" or an absolute URL without a slash at its end */
	unsigned max_age; /* seconds; 0: no-cache */
	int64_t query_budget; /* nanoseconds that one request may compute */
	/* Called every few thousand records of a load, by the thread that loads; false ends it with
	 * SERVICE_SYSTEM. NULL: nobody asks. */
	bool (*progress)(void *context, size_t records);
	void *progress_context;
};

struct service;

/* The options are copied. NULL when memory is short. */
struct service *service_create(const struct service_options *options);
void service_free(struct service *service);

enum service_status {
	SERVICE_OK,
	SERVICE_UNCHANGED, /* the file says what is already being served */
	SERVICE_REFUSED, /* the timeline has faults */
	SERVICE_SYSTEM, /* memory, disk, … */
};

/* Builds a dataset from the timeline file beside the one in force and swaps them; requests under way
 * finish on theirs. Whatever but SERVICE_OK leaves everything as it was, and `reason` says why, a
 * line a fault. Blocks; one caller at a time. */
enum service_status service_load(struct service *service, struct strbuf *reason)
	__attribute__((warn_unused_result));

/* The file that a load builds, there only during one; NULL: in memory. Whoever ends the process before
 * the load is over removes it. */
const char *service_unfinished(const struct service *service);

/* The next service_load is to be called soon: the first took a database that an earlier start left
 * behind, by the looks of the timeline file, and the next reads both through; or that database proved
 * damaged, is out of force, and the next makes another. */
bool service_needs_load(const struct service *service);

/* From now on /readyz says 503: the process is about to end. */
void service_drain(struct service *service);

struct dataset_facts {
	bool ready; /* a dataset is in force */
	char version[DIGEST_HEX_SIZE];
	char released[11];
	size_t counts[6]; /* by record kind, as timeline.h numbers them */
	uint64_t generation; /* of the dataset in force; 0 before the first */
	uint64_t loads, failed_loads;
	bool last_load_failed;
};
void service_facts(struct service *service, struct dataset_facts *ret_facts);
/* Cheap: changes whenever another dataset comes into force. */
uint64_t service_generation(const struct service *service);

/* Server-Sent Events (HTML, 9.2.6): appends the event that names the dataset in force, and copies its
 * version over the one that the client knows already; says nothing where they are the same. */
void service_tell(struct service *service, char version[static DIGEST_HEX_SIZE],
	struct strbuf *events);

struct session;
/* NULL when memory is short. */
struct session *session_create(struct service *service);
void session_free(struct session *session);

enum effort {
	EFFORT_QUICK, /* on a loop that serves others: give up with ANSWER_LATER rather than take long */
	EFFORT_FULL, /* on a query thread, within the query budget */
};

enum answer {
	ANSWER_READY,
	ANSWER_LATER, /* nothing was done: ask again with EFFORT_FULL from a query thread */
};

/* Fills an empty reply. Never fails: what goes wrong is a problem in the reply. */
enum answer session_answer(struct session *session, const struct request *request,
	enum effort effort, struct reply *reply);

/* The reply for what never reaches session_answer. */
enum refusal { REFUSAL_OVERLOADED, REFUSAL_TIMEOUT, REFUSAL_INTERNAL, REFUSAL_NOT_FOUND };
void service_refuse(struct service *service, enum refusal refusal, struct reply *reply);

/* Lets go of a dataset that is no longer in force, so that an idle thread does not keep it. */
void session_rest(struct session *session);

#endif
