#include "sandbox_files.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than the headers that we are built with. */
#define ACCESS_TRUNCATE (1ULL << 14) /* since version 3 */
#define NETWORK_BIND_TCP (1ULL << 0) /* since version 4 */
#define NETWORK_CONNECT_TCP (1ULL << 1)

#define ACCESS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define ACCESS_BUILD \
	(ACCESS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE \
		| LANDLOCK_ACCESS_FS_MAKE_REG | ACCESS_TRUNCATE)
#define ACCESS_ALL_OF_1 ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

/* struct landlock_ruleset_attr as of version 4. */
struct ruleset {
	uint64_t files;
	uint64_t network;
};

static struct ruleset all_of(int version)
{
	return (struct ruleset){
		.files = ACCESS_ALL_OF_1 | (version >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0)
			| (version >= 3 ? ACCESS_TRUNCATE : 0),
		.network = version >= 4 ? NETWORK_BIND_TCP | NETWORK_CONNECT_TCP : 0,
	};
}

static bool allow(int ruleset, const char *path, uint64_t access)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return false;
	const struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = fd};
	bool added =
		syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	close(fd);
	return added;
}

static bool allow_directory_of(int ruleset, const char *file, uint64_t access)
{
	char *path = strdup(file);
	if (!path)
		return false;
	char *slash = strrchr(path, '/');
	if (slash)
		slash[slash == path] = '\0';
	bool added = allow(ruleset, slash ? path : ".", access);
	free(path);
	return added;
}

/* Where the name is, and where it leads to: directories, because files are renamed over. */
static bool allow_around(int ruleset, const char *file, uint64_t access)
{
	bool added = allow_directory_of(ruleset, file, access);
	char *real = realpath(file, NULL);
	if (real)
		added = allow_directory_of(ruleset, real, access) && added;
	free(real);
	return added;
}

int sandbox_restrict_files(const char *timeline, const char *database)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (version < 1)
		return 0;
	struct ruleset all = all_of((int)version);
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &all,
		version >= 4 ? sizeof(all) : sizeof(all.files), 0);
	if (ruleset < 0)
		return 0;
	/* The database library seeds its random numbers there; it can do without. */
	(void)allow(ruleset, "/dev/urandom", LANDLOCK_ACCESS_FS_READ_FILE);
#if defined(PROFILE_DIRECTORY)
	(void)allow(ruleset, PROFILE_DIRECTORY, ACCESS_BUILD & all.files);
#endif
	bool good = allow_around(ruleset, timeline, ACCESS_READ)
		&& (!database || allow_around(ruleset, database, ACCESS_BUILD & all.files))
		&& syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	close(ruleset);
	return good ? (int)version : 0;
}
