/* A bounded set of threads for what takes too long for a loop, and the way back to the loop. */
#ifndef HTTP_QUERY_POOL_H
#define HTTP_QUERY_POOL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <udcg/api/service.h>

/* Finished jobs on their way back to the thread that sent them. */
struct mailbox {
	pthread_mutex_t lock;
	struct job *first, **last;
	int wake_fd; /* an eventfd that the owner's loop waits on; not owned */
};

/* Lives in what it works for, which must stay until `done` was called. */
struct job {
	struct job *next;
	struct mailbox *sender;
	void (*run)(struct job *job, struct session *session); /* on a query thread */
	void (*done)(struct job *job); /* by the owner of the mailbox */
};

bool mailbox_open(struct mailbox *mailbox, int wake_fd) __attribute__((warn_unused_result));
void mailbox_close(struct mailbox *mailbox);
/* Takes all that has arrived: a list by `next`. */
struct job *mailbox_take(struct mailbox *mailbox);

struct query_pool;

/* NULL where memory is short. */
struct query_pool *query_pool_create(struct service *service, unsigned threads);
/* False where threads are short. */
bool query_pool_start(struct query_pool *pool) __attribute__((warn_unused_result));
/* Waits for the jobs under way and drops none: there must be no other left. */
void query_pool_free(struct query_pool *pool);

enum urgency {
	URGENCY_NEW, /* refused where too many wait already */
	URGENCY_UNDER_WAY, /* the next part of a reply that has begun: never refused */
};
bool query_pool_submit(struct query_pool *pool, struct job *job, enum urgency urgency)
	__attribute__((warn_unused_result));
/* The dataset in force is another one: idle threads let go of the old one. */
void query_pool_rest(struct query_pool *pool);

struct query_pool_facts {
	unsigned threads, busy;
	size_t waiting;
	uint64_t refused, finished;
};
void query_pool_facts(struct query_pool *pool, struct query_pool_facts *ret_facts);

#endif
