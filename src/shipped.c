#include "shipped.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <udcg/base/strbuf.h>
#include <unistd.h>

/* Seen from the program's directory: moved or staged installations, the source tree, and where
 * meson was told to install. */
static const char *const places[] = {
	"../share/udcg/timeline.json",
	"../data/timeline.json",
	SHIPPED_DIRECTORY "/timeline.json",
};

char *shipped_timeline(void)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	if (length <= 0)
		return NULL;
	program[length] = '\0';
	char *slash = strrchr(program, '/');
	if (!slash)
		return NULL;
	slash[1] = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		_cleanup_strbuf_ struct strbuf path = {0};
		strbuf_append_format(&path, "%s%s", places[i][0] == '/' ? "" : program, places[i]);
		char *real = path.failed ? NULL : realpath(path.data, NULL);
		if (real)
			return real;
	}
	return NULL;
}
