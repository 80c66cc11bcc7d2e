/* Gives up what serving does not need: capabilities, new privileges, files, system calls. */
#ifndef SANDBOX_H
#define SANDBOX_H

/* For this thread and all that it starts from now on, for good. What stays: reading the directory of
 * the timeline, reading and writing that of the database (NULL: none), and the sockets that are
 * open. Says on the log how far it got: a kernel may lack one thing or another. */
void sandbox_enter(const char *timeline, const char *database);

#endif
