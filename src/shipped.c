#include "shipped.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Seen from the program's directory: moved or staged installations, the source tree, and where
 * meson was told to install. */
static const char *const places[] = {
	"../share/udcg/timeline.json",
	"../data/timeline.json",
	SHIPPED_DIRECTORY "/timeline.json",
};

static bool find_shipped(char found[static PATH_MAX])
{
	char program[PATH_MAX], path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char *slash = length > 0 ? memrchr(program, '/', (size_t)length) : NULL;
	if (!slash)
		return false;
	slash[1] = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int size = snprintf(path, sizeof(path), "%s%s", places[i][0] == '/' ? "" : program,
			places[i]);
		if (size < PATH_MAX && realpath(path, found))
			return true;
	}
	return false;
}

enum exit_status timeline_path(const char *given, char **ret_path)
{
	char found[PATH_MAX];
	if (!given && !find_shipped(found)) {
		complain("there is no shipped timeline here: give --timeline FILE");
		return EXIT_USAGE;
	}
	*ret_path = strdup(given ? given : found);
	if (*ret_path)
		return EXIT_DONE;
	complain("not enough memory");
	return EXIT_SYSTEM;
}
