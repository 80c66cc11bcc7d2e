/* Databases in files, and the directories that tests keep them in. */
#ifndef STORE_FILES_H
#define STORE_FILES_H

#include "store.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Every test works in an empty directory of its own; the state is its name. */
static inline int enter_directory(void **state)
{
	char *name = strdup("test_database_XXXXXX");
	*state = name;
	return name && mkdtemp(name) && chdir(name) == 0 ? 0 : -1;
}

static inline int remove_entry(const char *path, const struct stat *status, int type,
	struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

static inline int leave_directory(void **state)
{
	char *name = *state;
	int failed = chdir("..") != 0 || nftw(name, remove_entry, 8, FTW_DEPTH | FTW_PHYS) != 0;
	free(name);
	return failed ? -1 : 0;
}

static inline struct database *create(const char *path)
{
	struct database *database = NULL;
	enum store_status status = database_create(path, &database);
	if (status != STORE_OK)
		fail_msg("%s: %s", path ? path : "in memory", store_status_text(status));
	return database;
}

static inline struct database *open_reader(const char *path)
{
	struct database *database = NULL;
	enum store_status status = database_open(path, &database);
	if (status != STORE_OK)
		fail_msg("%s: %s", path, store_status_text(status));
	return database;
}

/* A parent and a child table, and 1,000 rows in each. */
static inline void fill(struct database *database)
{
	execute(database,
		"CREATE TABLE parent (row INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
		"CREATE TABLE child (row INTEGER PRIMARY KEY,"
		" parent INTEGER NOT NULL REFERENCES parent) STRICT;"
		"WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
		" INSERT INTO parent SELECT i, 'name ' || i FROM n;"
		"INSERT INTO child SELECT row, 1001 - row FROM parent;"
		"CREATE INDEX child_parent ON child (parent)");
}

static const char sum_of_children[] =
	"SELECT sum(parent) FROM child JOIN parent ON parent.row = child.parent";
enum { SUM_OF_CHILDREN = 500500 };

static inline void make_database(const char *path)
{
	struct database *database = create(path);
	fill(database);
	assert_int_equal(database_sync(database), STORE_OK);
	database_free(database);
}

static inline void write_file(const char *path, const void *data, size_t length)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static inline char *read_file(const char *path, size_t *ret_length)
{
	struct stat status;
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	size_t length = (size_t)status.st_size;
	char *data = malloc(length);
	assert_non_null(data);
	assert_int_equal(fread(data, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	*ret_length = length;
	return data;
}

#define IN_DIRECTORY(function) \
	cmocka_unit_test_setup_teardown(function, enter_directory, leave_directory)

#endif
