#include "watch.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <udcg/base/clock.h>
#include <unistd.h>

enum {
	QUIET_MILLISECONDS = 100, /* so long nothing must happen … */
	PATIENCE_MILLISECONDS = 500, /* … unless something happens all the time */
};

/* Two files with the same identity have the same content. */
struct identity {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified;
};

struct watch {
	int fd;
	char *path;
	struct identity seen;
	int64_t first_event, last_event; /* milliseconds; 0: none that is not dealt with */
};

/* All zero where there is no file. */
static struct identity identify(const char *path)
{
	struct stat status;
	if (stat(path, &status) < 0)
		return (struct identity){0};
	return (struct identity){
		.device = status.st_dev,
		.inode = status.st_ino,
		.size = status.st_size,
		.modified = status.st_mtim,
	};
}

static bool is_same(const struct identity *a, const struct identity *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size
		&& a->modified.tv_sec == b->modified.tv_sec
		&& a->modified.tv_nsec == b->modified.tv_nsec;
}

static bool watch_directory(struct watch *watch)
{
	const char *slash = strrchr(watch->path, '/');
	char *directory =
		slash ? strndup(watch->path, (size_t)(slash - watch->path) + 1) : strdup(".");
	if (!directory)
		return false;
	int added = inotify_add_watch(watch->fd, directory,
		IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_ONLYDIR);
	int error = errno;
	free(directory);
	errno = error;
	return added >= 0;
}

struct watch *watch_create(const char *path)
{
	struct watch *watch = calloc(1, sizeof(*watch));
	if (!watch)
		return NULL;
	watch->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	watch->path = strdup(path);
	if (watch->fd < 0 || !watch->path || !watch_directory(watch)) {
		int error = errno;
		watch_free(watch);
		errno = error;
		return NULL;
	}
	watch->seen = identify(path);
	return watch;
}

int watch_fd(const struct watch *watch)
{
	return watch->fd;
}

static int64_t due_time(const struct watch *watch)
{
	int64_t quiet = watch->last_event + QUIET_MILLISECONDS;
	int64_t patience = watch->first_event + PATIENCE_MILLISECONDS;
	return quiet < patience ? quiet : patience;
}

int watch_wait(const struct watch *watch)
{
	if (!watch->first_event)
		return -1;
	int64_t left = due_time(watch) - clock_milliseconds();
	return left > 0 ? (int)left : 0;
}

static bool is_link(const struct watch *watch, const char *name)
{
	const char *slash = strrchr(watch->path, '/');
	int directory = slash ? (int)(slash + 1 - watch->path) : 0;
	char path[PATH_MAX + NAME_MAX + 1];
	snprintf(path, sizeof(path), "%.*s%s", directory, watch->path, name);
	struct stat status;
	return lstat(path, &status) == 0 && (S_ISLNK(status.st_mode) || status.st_nlink > 1);
}

/* A file that was made is news when its writer closes it; a link is whole at once. */
static bool is_news(const struct watch *watch, const struct inotify_event *event)
{
	return !(event->mask & IN_CREATE) || is_link(watch, event->name);
}

static void take_events(struct watch *watch, int64_t now)
{
	_Alignas(struct inotify_event) char
		events[16 * (sizeof(struct inotify_event) + NAME_MAX + 1)];
	ssize_t length;
	while ((length = read(watch->fd, events, sizeof(events))) > 0) {
		const struct inotify_event *event;
		for (const char *at = events; at < events + length;
			at += sizeof(*event) + event->len) {
			event = (const void *)at;
			if (!is_news(watch, event))
				continue;
			if (!watch->first_event)
				watch->first_event = now;
			watch->last_event = now;
		}
	}
}

bool watch_poll(struct watch *watch)
{
	int64_t now = clock_milliseconds();
	take_events(watch, now);
	if (!watch->first_event || now < due_time(watch))
		return false;
	watch->first_event = watch->last_event = 0;
	struct identity current = identify(watch->path);
	if (is_same(&current, &watch->seen))
		return false;
	watch->seen = current;
	/* Gone for the moment: the file that takes its place will be news. */
	return current.inode != 0;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	if (watch->fd >= 0)
		close(watch->fd);
	free(watch->path);
	free(watch);
}
