#include "query_pool.h"

#include <stdlib.h>
#include <unistd.h>

enum { WAITING_PER_THREAD = 16, NICENESS = 5 };

struct query_thread {
	struct query_pool *pool;
	struct session *session;
	pthread_t thread;
};

struct query_pool {
	pthread_mutex_t lock;
	pthread_cond_t arrival;
	struct job *first, **last; /* in the order of arrival */
	struct query_pool_facts facts;
	uint64_t rests; /* calls of query_pool_rest */
	bool ending;
	unsigned running; /* so many of the threads have begun */
	struct query_thread threads[];
};

bool mailbox_open(struct mailbox *mailbox, int wake_fd)
{
	*mailbox = (struct mailbox){.wake_fd = wake_fd};
	mailbox->last = &mailbox->first;
	return pthread_mutex_init(&mailbox->lock, NULL) == 0;
}

void mailbox_close(struct mailbox *mailbox)
{
	pthread_mutex_destroy(&mailbox->lock);
}

struct job *mailbox_take(struct mailbox *mailbox)
{
	pthread_mutex_lock(&mailbox->lock);
	struct job *first = mailbox->first;
	mailbox->first = NULL;
	mailbox->last = &mailbox->first;
	pthread_mutex_unlock(&mailbox->lock);
	return first;
}

static void mailbox_post(struct mailbox *mailbox, struct job *job)
{
	job->next = NULL;
	pthread_mutex_lock(&mailbox->lock);
	*mailbox->last = job;
	mailbox->last = &job->next;
	/* Under the lock: once it is released the receiver may end and close the descriptor. */
	const uint64_t one = 1;
	(void)!write(mailbox->wake_fd, &one, sizeof(one));
	pthread_mutex_unlock(&mailbox->lock);
}

/* False when the pool ends. *ret_job is NULL where there is only a reason to rest. */
static bool await_job(struct query_pool *pool, uint64_t *rests, struct job **ret_job)
{
	pthread_mutex_lock(&pool->lock);
	while (!pool->first && !pool->ending && *rests == pool->rests)
		pthread_cond_wait(&pool->arrival, &pool->lock);
	*rests = pool->rests;
	struct job *job = pool->first;
	if (job) {
		pool->first = job->next;
		if (!pool->first)
			pool->last = &pool->first;
		pool->facts.waiting--;
		pool->facts.busy++;
	}
	bool more = job || !pool->ending;
	pthread_mutex_unlock(&pool->lock);
	*ret_job = job;
	return more;
}

static void note_finished(struct query_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->facts.busy--;
	pool->facts.finished++;
	pthread_mutex_unlock(&pool->lock);
}

/* So that a loop which has something to send does not wait for a query's time slice; a query still has
 * a quarter of a CPU that the loops would take whole, enough for its budget. Where the system refuses,
 * all are equal. On Linux nice() is about the thread that calls it. */
static void give_way(void)
{
	(void)!nice(NICENESS);
}

static void *query_thread_main(void *context)
{
	struct query_thread *thread = context;
	give_way();
	uint64_t rests = 0;
	struct job *job = NULL;
	while (await_job(thread->pool, &rests, &job)) {
		if (job)
			job->run(job, thread->session);
		session_rest(thread->session);
		if (job) {
			note_finished(thread->pool);
			mailbox_post(job->sender, job);
		}
	}
	return NULL;
}

struct query_pool *query_pool_create(struct service *service, unsigned threads)
{
	struct query_pool *pool = calloc(1, sizeof(*pool) + threads * sizeof(pool->threads[0]));
	if (!pool)
		return NULL;
	pool->last = &pool->first;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->arrival, NULL);
	for (; pool->facts.threads < threads; pool->facts.threads++) {
		struct query_thread *thread = &pool->threads[pool->facts.threads];
		thread->pool = pool;
		thread->session = session_create(service);
		if (!thread->session) {
			query_pool_free(pool);
			return NULL;
		}
	}
	return pool;
}

bool query_pool_start(struct query_pool *pool)
{
	for (; pool->running < pool->facts.threads; pool->running++) {
		struct query_thread *thread = &pool->threads[pool->running];
		if (pthread_create(&thread->thread, NULL, query_thread_main, thread) != 0)
			return false;
	}
	return true;
}

void query_pool_free(struct query_pool *pool)
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->ending = true;
	pthread_cond_broadcast(&pool->arrival);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->running; i++)
		pthread_join(pool->threads[i].thread, NULL);
	for (unsigned i = 0; i < pool->facts.threads; i++)
		session_free(pool->threads[i].session);
	pthread_cond_destroy(&pool->arrival);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}

bool query_pool_submit(struct query_pool *pool, struct job *job, enum urgency urgency)
{
	pthread_mutex_lock(&pool->lock);
	bool room = urgency == URGENCY_UNDER_WAY
		|| pool->facts.waiting < (size_t)pool->facts.threads * WAITING_PER_THREAD;
	if (room) {
		job->next = NULL;
		*pool->last = job;
		pool->last = &job->next;
		pool->facts.waiting++;
		pthread_cond_signal(&pool->arrival);
	} else {
		pool->facts.refused++;
	}
	pthread_mutex_unlock(&pool->lock);
	return room;
}

void query_pool_rest(struct query_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->rests++;
	pthread_cond_broadcast(&pool->arrival);
	pthread_mutex_unlock(&pool->lock);
}

void query_pool_facts(struct query_pool *pool, struct query_pool_facts *ret_facts)
{
	pthread_mutex_lock(&pool->lock);
	*ret_facts = pool->facts;
	pthread_mutex_unlock(&pool->lock);
}
