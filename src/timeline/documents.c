#include "documents.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <udcg/base/digest.h>
#include <unistd.h>

#include "scan.h"

enum { KEPT_MAX = 8 };

struct kept {
	char *file; /* NULL while the place is free */
	struct document document;
};

struct documents {
	int directory;
	struct kept kept[KEPT_MAX]; /* used last first */
};

enum timeline_status documents_open(const char *directory, struct faults *faults,
	struct documents **ret_documents)
{
	struct documents *documents = calloc(1, sizeof(*documents));
	if (!documents)
		return TIMELINE_NO_MEMORY;
	documents->directory = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (documents->directory < 0) {
		enum timeline_status status = faults_errno(faults, directory);
		free(documents);
		return status;
	}
	*ret_documents = documents;
	return TIMELINE_OK;
}

static void forget(struct kept *kept)
{
	free(kept->file);
	document_free(&kept->document);
	kept->file = NULL;
}

void documents_free(struct documents *documents)
{
	if (!documents)
		return;
	for (size_t i = 0; i < KEPT_MAX; i++)
		forget(&documents->kept[i]);
	close(documents->directory);
	free(documents);
}

void documents_freep(struct documents **documents)
{
	documents_free(*documents);
}

static void move_to_front(struct documents *documents, size_t index)
{
	struct kept kept = documents->kept[index];
	memmove(&documents->kept[1], &documents->kept[0], index * sizeof(kept));
	documents->kept[0] = kept;
}

const struct document *documents_get(struct documents *documents, struct bytes file)
{
	size_t index = 0;
	while (index < KEPT_MAX && documents->kept[index].file
		&& !bytes_equal(bytes_of(documents->kept[index].file), file))
		index++;
	if (index < KEPT_MAX && documents->kept[index].file) {
		move_to_front(documents, index);
		return &documents->kept[0].document;
	}
	struct kept *kept = &documents->kept[index < KEPT_MAX ? index : KEPT_MAX - 1];
	forget(kept);
	kept->file = strndup(file.data, file.length);
	if (!kept->file)
		return NULL;
	if (!document_read(&kept->document, documents->directory, kept->file)) {
		int error = errno;
		forget(kept);
		errno = error;
		return NULL;
	}
	move_to_front(documents, (size_t)(kept - documents->kept));
	return &documents->kept[0].document;
}

static struct bytes text_of(struct loading *loading, const struct part *part, const char *key)
{
	struct bytes value = view_value(&part->view, key);
	return value.data ? scan_text(value, &loading->texts.decoded) : (struct bytes){0};
}

static void check_size(struct loading *loading, const struct document *document,
	const struct part *source)
{
	const struct path path = {.key = "bytes"};
	struct bytes value = view_value(&source->view, path.key);
	if (value.data && scan_integer(value) != (int64_t)document->length)
		loading_fault(loading, &path, "%.*s: the file has %zu bytes", (int)value.length,
			value.data, document->length);
}

/* Compares a digest in the timeline with that of bytes of a document. */
static void check_digest(struct loading *loading, const struct path *path, struct bytes value,
	struct bytes content, const char *what)
{
	char hex[DIGEST_HEX_SIZE];
	if (!value.data)
		return;
	digest_hex_of(content, hex);
	if (!bytes_equal(value, bytes_of(hex)))
		loading_fault(loading, path, "is not the SHA-256 of %s: %s", what, hex);
}

enum timeline_status documents_check_source(struct loading *loading, const struct part *source)
{
	const struct path file_path = {.key = "file"}, digest_path = {.key = "sha256"};
	struct bytes file = text_of(loading, source, file_path.key);
	if (!loading->documents || !file.data)
		return TIMELINE_OK;
	const struct document *document = documents_get(loading->documents, file);
	if (!document && errno == ENOMEM)
		return TIMELINE_NO_MEMORY;
	if (!document) {
		loading_fault(loading, &file_path, "cannot be read among the documents: %s",
			strerrordesc_np(errno));
		return TIMELINE_OK;
	}
	check_size(loading, document, source);
	check_digest(loading, &digest_path, text_of(loading, source, digest_path.key),
		(struct bytes){.data = document->data, .length = document->length}, "the file");
	return TIMELINE_OK;
}

/* An offset or number in the timeline against what is counted in the document. */
static void check_count(struct loading *loading, const struct part *citation, const char *key,
	int64_t counted)
{
	const struct path path = {.parent = citation->path, .key = key};
	struct bytes value = view_value(&citation->view, key);
	if (value.data && scan_integer(value) != counted)
		loading_fault(loading, &path, "%.*s: it is %lld in the document", (int)value.length,
			value.data, (long long)counted);
}

/* The same of characters, which can be counted in UTF-8 alone. */
static void check_characters(struct loading *loading, const struct document *document,
	const struct part *citation, const char *key, int64_t counted)
{
	const struct path path = {.parent = citation->path, .key = key};
	if (document->is_utf8)
		check_count(loading, citation, key, counted);
	else if (view_value(&citation->view, key).data)
		loading_fault(loading, &path,
			"is there, but the document is not UTF-8: leave it out, because its "
			"characters cannot be counted");
}

static void check_boundary(struct loading *loading, const struct document *document,
	const struct part *citation, const char *key, int64_t at)
{
	const struct path path = {.parent = citation->path, .key = key};
	if (document->is_utf8 && !document_is_boundary(document, (size_t)at))
		loading_fault(loading, &path,
			"%lld: is inside a character of the document: cite whole characters",
			(long long)at);
}

static void check_span(struct loading *loading, const struct document *document,
	const struct part *citation, int64_t start, int64_t end)
{
	const struct path digest_path = {.parent = citation->path, .key = "sha256"};
	const struct path quote_path = {.parent = citation->path, .key = "quote"};
	struct bytes span = {.data = document->data + start, .length = (size_t)(end - start)};
	struct bytes quote = text_of(loading, citation, quote_path.key);
	check_digest(loading, &digest_path, text_of(loading, citation, digest_path.key), span,
		"these bytes");
	if (quote.data && !memmem(span.data, span.length, quote.data, quote.length))
		loading_fault(loading, &quote_path,
			"is not in the cited bytes: quote them letter by letter");
	check_boundary(loading, document, citation, "byte_start", start);
	check_boundary(loading, document, citation, "byte_end", end);

	struct document_position position = document_locate(document, (size_t)start, (size_t)end);
	if (loading->recount)
		return;
	check_characters(loading, document, citation, "char_start", position.char_start);
	check_characters(loading, document, citation, "char_end", position.char_end);
	check_count(loading, citation, "paragraph", position.paragraph);
}

/* Whether the citation ends within so many bytes. */
static bool ends_within(struct loading *loading, const struct part *citation, int64_t bytes)
{
	const struct path path = {.parent = citation->path, .key = "byte_end"};
	struct bytes end = view_value(&citation->view, path.key);
	if (scan_integer(end) <= bytes)
		return true;
	loading_fault(loading, &path, "%.*s: the source ends after %lld bytes", (int)end.length,
		end.data, (long long)bytes);
	return false;
}

enum timeline_status documents_check_citation(struct loading *loading, const struct part *citation,
	int64_t source)
{
	struct bytes start = view_value(&citation->view, "byte_start");
	struct bytes end = view_value(&citation->view, "byte_end");
	int64_t size = citation->traits[shape_index(&shape_evidence, "source")];
	bool whole = start.data && end.data && scan_integer(start) < scan_integer(end);
	if (whole && size > 0 && !ends_within(loading, citation, size))
		whole = false;
	if (!whole || !loading->documents)
		return TIMELINE_OK;

	struct staged staged;
	struct view view;
	enum timeline_status status = staging_at(loading->staging, RECORD_SOURCE, source, &staged);
	if (status != TIMELINE_OK)
		return status;
	view_read(&view, record_shape(RECORD_SOURCE), staged.json);
	struct bytes file = view_value(&view, "file");
	if (!file.data)
		return TIMELINE_OK;
	_cleanup_strbuf_ struct strbuf decoded = {0};
	struct bytes name = scan_text(file, &decoded);
	if (decoded.failed)
		return TIMELINE_NO_MEMORY;
	const struct document *document = documents_get(loading->documents, name);
	if (!document && errno == ENOMEM)
		return TIMELINE_NO_MEMORY;
	if (!document) {
		/* Said of the source already, unless it could be read then. */
		const struct path path = {.parent = citation->path, .key = "source"};
		if (loading_writes(loading))
			loading_fault(loading, &path, "cannot be read any more: %s",
				strerrordesc_np(errno));
		return TIMELINE_OK;
	}
	if (ends_within(loading, citation, (int64_t)document->length))
		check_span(loading, document, citation, scan_integer(start), scan_integer(end));
	return TIMELINE_OK;
}
