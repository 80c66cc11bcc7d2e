#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <udcg/store/migrations.h>
#include <udcg/timeline/timeline.h>
#include <unistd.h>

#include "annotation.h"
#include "documents.h"
#include "reader.h"

/* A file that is rewritten: what is no citation is copied byte for byte. */
struct rewrite {
	const char *path;
	struct faults *faults;
	struct documents *documents;
	struct database *database; /* the timeline, loaded */
	struct reader reader;
	int original;
	uint64_t copied; /* bytes of the original */
	FILE *copy;
};

static enum timeline_status copy_until(struct rewrite *rewrite, uint64_t offset)
{
	char block[16384];
	while (rewrite->copied < offset) {
		uint64_t left = offset - rewrite->copied;
		size_t most = left < sizeof(block) ? (size_t)left : sizeof(block);
		ssize_t got = pread(rewrite->original, block, most, (off_t)rewrite->copied);
		if (got < 0)
			return faults_errno(rewrite->faults, rewrite->path);
		if (got == 0)
			break;
		if (fwrite(block, 1, (size_t)got, rewrite->copy) != (size_t)got)
			return faults_errno(rewrite->faults, rewrite->path);
		rewrite->copied += (uint64_t)got;
	}
	return TIMELINE_OK;
}

static enum timeline_status find_document(void *context, struct bytes source,
	const struct document **ret_document)
{
	struct rewrite *rewrite = context;
	_cleanup_borrowed_ struct statement *find = NULL;
	bool row = false;
	enum store_status status = statement_borrow(rewrite->database,
		BYTES_LITERAL("SELECT file FROM source WHERE id = :id"), &find);
	if (status != STORE_OK)
		return faults_store(rewrite->faults, rewrite->database, status);
	statement_bind_text(find, "id", source);
	status = statement_step(find, &row);
	/* What names a source that is missing was not loaded. */
	if (status == STORE_OK && !row)
		status = STORE_CORRUPT;
	if (status != STORE_OK)
		return faults_store(rewrite->faults, rewrite->database, status);
	struct bytes file = statement_text(find, 0);
	*ret_document = documents_get(rewrite->documents, file);
	return *ret_document ? TIMELINE_OK : faults_errno(rewrite->faults, file.data);
}

static enum timeline_status rewrite_record(struct rewrite *rewrite, const struct record *record)
{
	_cleanup_strbuf_ struct strbuf text = {0};
	enum timeline_status status = copy_until(rewrite, record->place.offset);
	if (status == TIMELINE_OK)
		status = annotation_append(&text, record->text, find_document, rewrite);
	if (status == TIMELINE_OK && text.failed)
		status = TIMELINE_NO_MEMORY;
	if (status == TIMELINE_IO && !rewrite->faults->system)
		status = faults_errno(rewrite->faults, rewrite->path);
	if (status != TIMELINE_OK)
		return status;
	if (text.length > 0 && fwrite(text.data, 1, text.length, rewrite->copy) != text.length)
		return faults_errno(rewrite->faults, rewrite->path);
	rewrite->copied += record->text.length;
	return TIMELINE_OK;
}

static enum timeline_status rewrite_all(struct rewrite *rewrite)
{
	bool found = true;
	struct stat original;
	enum timeline_status status = TIMELINE_OK;
	if (fstat(rewrite->original, &original) != 0
		|| fchmod(fileno(rewrite->copy), original.st_mode & 07777) != 0)
		return faults_errno(rewrite->faults, rewrite->path);
	while (status == TIMELINE_OK && found) {
		struct record record;
		status = reader_next(&rewrite->reader, &record, &found);
		if (status == TIMELINE_OK && found)
			status = rewrite_record(rewrite, &record);
	}
	if (status == TIMELINE_OK && rewrite->faults->total > 0)
		status = TIMELINE_REFUSED;
	if (status == TIMELINE_OK)
		status = copy_until(rewrite, UINT64_MAX);
	if (status == TIMELINE_OK
		&& (fflush(rewrite->copy) != 0 || fsync(fileno(rewrite->copy)) != 0))
		status = faults_errno(rewrite->faults, rewrite->path);
	return status;
}

/* Writes the new file beside the old one and puts it in its place. */
static enum timeline_status replace(struct rewrite *rewrite)
{
	_cleanup_strbuf_ struct strbuf name = {0};
	strbuf_append_format(&name, "%s.XXXXXX", rewrite->path);
	if (name.failed)
		return TIMELINE_NO_MEMORY;
	int file = mkostemp(name.data, O_CLOEXEC);
	if (file < 0)
		return faults_errno(rewrite->faults, name.data);
	rewrite->copy = fdopen(file, "w");
	enum timeline_status status;
	if (rewrite->copy) {
		status = rewrite_all(rewrite);
		fclose(rewrite->copy);
	} else {
		status = faults_errno(rewrite->faults, name.data);
		close(file);
	}
	if (status == TIMELINE_OK && rename(name.data, rewrite->path) != 0)
		status = faults_errno(rewrite->faults, rewrite->path);
	if (status != TIMELINE_OK)
		unlink(name.data);
	return status;
}

/* Everything else about the file must be right. */
static enum timeline_status check(const char *path, const char *documents,
	struct database *database, struct faults *faults)
{
	const struct timeline_options options = {.documents = documents,
		.recount = true,
		.build = ""};
	struct timeline_card card = {0};
	enum timeline_status status =
		faults_store(faults, database, migrations_apply(database, MIGRATION_TABLES));
	if (status == TIMELINE_OK)
		status = timeline_load(path, database, &options, &card, faults);
	timeline_card_free(&card);
	return status;
}

static enum timeline_status annotate(struct rewrite *rewrite, const char *documents)
{
	struct fault_log log = {.faults = rewrite->faults};
	enum timeline_status status =
		check(rewrite->path, documents, rewrite->database, rewrite->faults);
	if (status == TIMELINE_OK)
		status = documents_open(documents, rewrite->faults, &rewrite->documents);
	if (status != TIMELINE_OK)
		return status;
	rewrite->original = open(rewrite->path, O_RDONLY | O_CLOEXEC);
	if (rewrite->original < 0)
		return faults_errno(rewrite->faults, rewrite->path);
	status = reader_open(&rewrite->reader, rewrite->path, &log);
	if (status == TIMELINE_OK)
		status = replace(rewrite);
	reader_close(&rewrite->reader);
	close(rewrite->original);
	return status;
}

enum timeline_status timeline_annotate(const char *path, const char *documents,
	struct faults *faults)
{
	*faults = (struct faults){0};
	struct rewrite rewrite = {.faults = faults};
	/* What a link leads to is rewritten, not the link. */
	char *real = realpath(path, NULL);
	if (!real)
		return faults_errno(faults, path);
	rewrite.path = real;
	enum timeline_status status =
		faults_store(faults, NULL, database_create(NULL, &rewrite.database));
	if (status == TIMELINE_OK)
		status = annotate(&rewrite, documents);
	documents_free(rewrite.documents);
	database_free(rewrite.database);
	free(real);
	return status;
}
