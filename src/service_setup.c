#include "service_setup.h"

#include <string.h>

/* "https://host/path", without a slash at its end. */
static bool is_public_url(const char *url)
{
	const char *rest = strncmp(url, "https://", 8) == 0 ? url + 8
		: strncmp(url, "http://", 7) == 0	    ? url + 7
							    : NULL;
	if (!rest || rest[0] == '\0' || rest[0] == '/' || rest[strlen(rest) - 1] == '/')
		return false;
	for (const char *c = rest; *c; c++) {
		if (*c <= ' ' || *c > '~' || strchr("?#\"<>\\^`{|}", *c))
			return false;
	}
	return true;
}

enum exit_status service_exit_status(enum service_status status)
{
	switch (status) {
	case SERVICE_OK:
	case SERVICE_UNCHANGED:
		return EXIT_DONE;
	case SERVICE_REFUSED:
		return EXIT_REFUSED;
	case SERVICE_SYSTEM:
	default:
		return EXIT_SYSTEM;
	}
}

enum exit_status service_setup(const struct config *config, struct load_progress progress,
	struct service **ret_service)
{
	if (config->public_url[0] != '\0' && !is_public_url(config->public_url)) {
		complain("--public-url is to be like https://example.org/path, without a slash at "
			 "its end");
		return EXIT_USAGE;
	}
	const struct service_options options = {
		.timeline = config->timeline,
		.database = config->database,
		.memory_database_max = (size_t)config->memory_db_max,
		.public_url = config->public_url,
		.max_age = (unsigned)config->max_age,
		.query_budget = config->query_budget,
		.progress = progress.call,
		.progress_context = progress.context,
	};
	struct service *service = service_create(&options);
	if (!service) {
		complain("not enough memory");
		return EXIT_SYSTEM;
	}
	*ret_service = service;
	return EXIT_DONE;
}
