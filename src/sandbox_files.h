#ifndef SANDBOX_FILES_H
#define SANDBOX_FILES_H

/* By Landlock. The version of it that is in force now, or 0. */
int sandbox_restrict_files(const char *timeline, const char *database);

#endif
