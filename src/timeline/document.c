#include "document.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <udcg/base/text.h>
#include <unistd.h>

enum { MARK_STEP = 4096 };

/* What is before a byte. */
struct document_mark {
	int64_t chars;
	int64_t paragraphs;
	bool in_paragraph; /* something stands on its line already */
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void count(struct document_mark *mark, char c)
{
	mark->chars += ((unsigned char)c & 0xc0) != 0x80;
	if (c == '\n') {
		mark->in_paragraph = false;
	} else if (!mark->in_paragraph && !is_blank(c)) {
		mark->in_paragraph = true;
		mark->paragraphs++;
	}
}

static bool set_marks(struct document *document)
{
	struct document_mark mark = {0};
	document->marks = calloc(document->length / MARK_STEP + 1, sizeof(*document->marks));
	if (!document->marks)
		return false;
	for (size_t i = 0; i < document->length; i++) {
		if (i % MARK_STEP == 0)
			document->marks[i / MARK_STEP] = mark;
		count(&mark, document->data[i]);
	}
	if (document->length % MARK_STEP == 0)
		document->marks[document->length / MARK_STEP] = mark;
	return true;
}

static bool read_all(struct document *document, int file)
{
	struct stat status;
	if (fstat(file, &status) != 0)
		return false;
	if (!S_ISREG(status.st_mode)) {
		errno = EINVAL;
		return false;
	}
	if ((uintmax_t)status.st_size > DOCUMENT_MAX) {
		errno = EFBIG;
		return false;
	}
	size_t capacity = (size_t)status.st_size;
	document->data = malloc(capacity + 1);
	if (!document->data)
		return false;
	while (document->length < capacity) {
		ssize_t got =
			read(file, document->data + document->length, capacity - document->length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		document->length += (size_t)got;
	}
	document->is_utf8 =
		text_is_utf8((struct bytes){.data = document->data, .length = document->length});
	return set_marks(document);
}

bool document_read(struct document *document, int directory, const char *file)
{
	*document = (struct document){0};
	/* A pipe must not make us wait. */
	int opened = openat(directory, file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (opened < 0)
		return false;
	bool read = read_all(document, opened);
	int error = errno;
	close(opened);
	if (!read)
		document_free(document);
	errno = error;
	return read;
}

void document_free(struct document *document)
{
	free(document->data);
	free(document->marks);
	*document = (struct document){0};
}

static struct document_mark mark_at(const struct document *document, size_t at)
{
	struct document_mark mark = document->marks[at / MARK_STEP];
	for (size_t i = at - at % MARK_STEP; i < at; i++)
		count(&mark, document->data[i]);
	return mark;
}

struct document_position document_locate(const struct document *document, size_t start, size_t end)
{
	size_t first = start;
	while (first < end && (is_blank(document->data[first])))
		first++;
	int64_t paragraph = mark_at(document, first < end ? first + 1 : start).paragraphs;
	return (struct document_position){
		.char_start = mark_at(document, start).chars,
		.char_end = mark_at(document, end).chars,
		.paragraph = paragraph > 0 ? paragraph : 1,
	};
}

bool document_is_boundary(const struct document *document, size_t at)
{
	return at >= document->length || ((unsigned char)document->data[at] & 0xc0) != 0x80;
}
