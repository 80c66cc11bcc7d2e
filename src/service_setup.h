/* A service as the configuration asks for it. */
#ifndef SERVICE_SETUP_H
#define SERVICE_SETUP_H

#include <udcg/api/service.h>

#include "commands.h"

/* As service.h says of its options. */
struct load_progress {
	bool (*call)(void *context, size_t records);
	void *context;
};

/* Serves config->timeline into config->database. Says on standard error what does not fit. */
enum exit_status service_setup(const struct config *config, struct load_progress progress,
	struct service **ret_service);

/* EXIT_DONE for a load that succeeded or had nothing to do. */
enum exit_status service_exit_status(enum service_status status);

#endif
