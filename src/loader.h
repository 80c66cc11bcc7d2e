/* Loads on a thread of its own, so that the main thread stays attentive to signals. */
#ifndef LOADER_H
#define LOADER_H

#include <stdbool.h>
#include <stdint.h>
#include <udcg/api/service.h>

struct loader_result {
	enum service_status status;
	struct strbuf reason; /* the receiver's to free */
	int64_t milliseconds;
};

struct loader;

/* NULL where memory, descriptors or threads are short. */
struct loader *loader_create(struct service *service);
/* Readable when a load is over. */
int loader_fd(const struct loader *loader);
/* There must be none under way. */
void loader_start(struct loader *loader);
/* Of the load that is over. */
struct loader_result loader_take(struct loader *loader);
/* Waits so long for a load that is under way. False where it still is: the loader stays, and so must
 * the service. */
bool loader_free(struct loader *loader, int milliseconds) __attribute__((warn_unused_result));

#endif
