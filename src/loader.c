#include "loader.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <udcg/base/clock.h>
#include <unistd.h>

struct loader {
	struct service *service;
	int over_fd;
	bool busy; /* the main thread's view */
	pthread_t thread;
	struct loader_result result;
};

static void *load(void *context)
{
	struct loader *loader = context;
	int64_t start = clock_milliseconds();
	loader->result = (struct loader_result){0};
	loader->result.status = service_load(loader->service, &loader->result.reason);
	loader->result.milliseconds = clock_milliseconds() - start;
	const uint64_t one = 1;
	(void)!write(loader->over_fd, &one, sizeof(one));
	return NULL;
}

struct loader *loader_create(struct service *service)
{
	struct loader *loader = calloc(1, sizeof(*loader));
	if (!loader)
		return NULL;
	loader->service = service;
	loader->over_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loader->over_fd < 0) {
		free(loader);
		return NULL;
	}
	return loader;
}

int loader_fd(const struct loader *loader)
{
	return loader->over_fd;
}

void loader_start(struct loader *loader)
{
	loader->busy = true;
	if (pthread_create(&loader->thread, NULL, load, loader) == 0)
		return;
	/* No thread to be had now: rather deaf for a while than out of date. */
	load(loader);
	loader->thread = pthread_self();
}

struct loader_result loader_take(struct loader *loader)
{
	uint64_t count;
	(void)!read(loader->over_fd, &count, sizeof(count));
	if (!pthread_equal(loader->thread, pthread_self()))
		pthread_join(loader->thread, NULL);
	loader->busy = false;
	return loader->result;
}

bool loader_free(struct loader *loader, int milliseconds)
{
	if (!loader)
		return true;
	struct pollfd over = {.fd = loader->over_fd, .events = POLLIN};
	if (loader->busy && poll(&over, 1, milliseconds) > 0) {
		struct loader_result unwanted = loader_take(loader);
		strbuf_free(&unwanted.reason);
	}
	if (loader->busy)
		return false;
	close(loader->over_fd);
	free(loader);
	return true;
}
