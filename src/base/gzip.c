#include <udcg/base/gzip.h>

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, MEMORY = 8, ROOM = 16 * 1024 };

struct gzip {
	z_stream zip;
};

struct gzip *gzip_create(enum gzip_effort effort)
{
	struct gzip *gzip = calloc(1, sizeof(*gzip));
	if (gzip
		&& deflateInit2(&gzip->zip, (int)effort, Z_DEFLATED, GZIP_WINDOW, MEMORY,
			   Z_DEFAULT_STRATEGY)
			!= Z_OK) {
		free(gzip);
		return NULL;
	}
	return gzip;
}

void gzip_free(struct gzip *gzip)
{
	if (!gzip)
		return;
	deflateEnd(&gzip->zip);
	free(gzip);
}

void gzip_freep(struct gzip **gzip)
{
	gzip_free(*gzip);
}

/* All of what is at next_in; Z_FINISH: and all that is still held back. */
static bool deflate_into(z_stream *zip, int flush, struct strbuf *out)
{
	do {
		strbuf_reserve(out, ROOM);
		if (out->failed)
			return false;
		zip->next_out = (unsigned char *)out->data + out->length;
		zip->avail_out = ROOM;
		if (deflate(zip, flush) == Z_STREAM_ERROR)
			return false;
		out->length += ROOM - zip->avail_out;
		out->data[out->length] = '\0';
	} while (zip->avail_out == 0);
	return true;
}

bool gzip_append(struct gzip *gzip, struct bytes text, bool last, struct strbuf *out)
{
	if (text.length > UINT_MAX)
		return false;
	gzip->zip.next_in = (unsigned char *)(uintptr_t)text.data;
	gzip->zip.avail_in = (unsigned)text.length;
	return deflate_into(&gzip->zip, last ? Z_FINISH : Z_NO_FLUSH, out);
}
