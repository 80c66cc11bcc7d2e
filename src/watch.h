/* Tells when a file was replaced or written anew. */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct watch;

/* Watches the file's directory: files are renamed over, and links to directories swapped. NULL, with
 * errno, where that cannot be. */
struct watch *watch_create(const char *path);
int watch_fd(const struct watch *watch);
/* Milliseconds until watch_poll is worth calling, though its descriptor be still; -1: never. */
int watch_wait(const struct watch *watch);
/* True once after the file has changed and then stayed as it is for a moment. */
bool watch_poll(struct watch *watch);
void watch_free(struct watch *watch);

#endif
