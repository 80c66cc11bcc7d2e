#include <udcg/base/log.h>

#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <udcg/base/edtf.h>
#include <udcg/base/json.h>
#include <unistd.h>
#include <unistr.h>

static struct log_settings settings = {.level = LOG_INFO, .format = LOG_TEXT};

static const char *const level_names[] = {
	[LOG_DEBUG] = "debug",
	[LOG_INFO] = "info",
	[LOG_WARNING] = "warning",
	[LOG_ERROR] = "error",
};

void log_configure(struct log_settings wanted)
{
	settings = wanted;
}

bool log_enabled(enum log_level level)
{
	return level >= settings.level;
}

/* RFC 3339 with milliseconds, UTC. */
static void append_time(struct strbuf *line)
{
	struct timespec now = {0};
	clock_gettime(CLOCK_REALTIME, &now);
	int days = (int)(now.tv_sec / 86400), seconds = (int)(now.tv_sec % 86400);
	char date[DAY_TEXT_SIZE];
	day_format(day_add(19700101, days), date);
	strbuf_append_format(line, "%sT%02d:%02d:%02d.%03dZ", date, seconds / 3600,
		seconds / 60 % 60, seconds % 60, (int)(now.tv_nsec / 1000000));
}

/* What came from outside, made safe for a terminal: bytes that are no UTF-8, and the control
 * characters that JSON would let through, become U+FFFD. */
static void append_clean(struct strbuf *buffer, const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	size_t rest = strlen(text);
	while (rest > 0) {
		ucs4_t code = 0;
		int length = u8_mbtoucr(&code, at, rest);
		if (length < 1 || (code >= 0x7f && code < 0xa0))
			strbuf_append_text(buffer, "\xef\xbf\xbd");
		else
			strbuf_append(buffer, at, (size_t)length);
		size_t used = length < 1 ? 1 : (size_t)length;
		at += used;
		rest -= used;
	}
}

static bool needs_quotes(struct bytes text)
{
	for (size_t i = 0; i < text.length; i++) {
		if ((unsigned char)text.data[i] <= ' ' || strchr("\"\\=", text.data[i]))
			return true;
	}
	return text.length == 0;
}

static void append_value(struct strbuf *line, const struct log_field *field)
{
	if (!field->text) {
		strbuf_append_integer(line, field->number);
		return;
	}
	_cleanup_strbuf_ struct strbuf clean = {0};
	append_clean(&clean, field->text);
	struct bytes text = strbuf_bytes(&clean);
	if (settings.format == LOG_JSON || needs_quotes(text))
		json_append_bytes(line, text);
	else
		strbuf_append_bytes(line, text);
	line->failed |= clean.failed;
}

static void append_json(struct strbuf *line, enum log_level level, const char *message,
	const struct log_field *fields, size_t count)
{
	strbuf_append_text(line, "{\"time\":\"");
	append_time(line);
	strbuf_append_char(line, '"');
	json_append_key(line, "level");
	json_append_text(line, level_names[level]);
	json_append_key(line, "message");
	json_append_text(line, message);
	for (size_t i = 0; i < count; i++) {
		json_append_key(line, fields[i].name);
		append_value(line, &fields[i]);
	}
	strbuf_append_text(line, "}\n");
}

static void append_text(struct strbuf *line, enum log_level level, const char *message,
	const struct log_field *fields, size_t count)
{
	append_time(line);
	strbuf_append_format(line, " %-7s %s", level_names[level], message);
	for (size_t i = 0; i < count; i++) {
		strbuf_append_format(line, " %s=", fields[i].name);
		append_value(line, &fields[i]);
	}
	strbuf_append_char(line, '\n');
}

static void append_line(struct strbuf *line, enum log_level level, const char *message,
	const struct log_field *fields, size_t count)
{
	if (settings.format == LOG_JSON)
		append_json(line, level, message, fields, count);
	else
		append_text(line, level, message, fields, count);
}

/* One line after the other. With nobody else at it, a write of up to PIPE_BUF bytes does not wait
 * where poll says that there is room: O_NONBLOCK would be for all that share the descriptor. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_uint_least64_t lost;
static uint64_t told; /* of those lost */
static bool torn; /* the last line has a beginning alone */

static bool has_room(void)
{
	struct pollfd place = {.fd = STDERR_FILENO, .events = POLLOUT};
	return poll(&place, 1, 0) != 0;
}

static bool put(struct bytes text)
{
	size_t done = 0;
	while (done < text.length && has_room()) {
		size_t rest = text.length - done;
		ssize_t written =
			write(STDERR_FILENO, text.data + done, rest < PIPE_BUF ? rest : PIPE_BUF);
		if (written <= 0)
			break;
		done += (size_t)written;
	}
	if (done > 0)
		torn = done < text.length;
	return done == text.length;
}

static bool tell_what_was_lost(void)
{
	uint64_t count = log_lost();
	if (count == told)
		return true;
	_cleanup_strbuf_ struct strbuf line = {0};
	if (torn)
		strbuf_append_char(&line, '\n');
	append_line(&line, LOG_WARNING, "log lines lost",
		LOG_FIELDS({.name = "lines", .number = (int64_t)(count - told)}));
	if (line.failed || !put(strbuf_bytes(&line)))
		return false;
	told = count;
	return true;
}

uint64_t log_lost(void)
{
	return atomic_load_explicit(&lost, memory_order_relaxed);
}

void log_event(enum log_level level, const char *message, const struct log_field *fields,
	size_t count)
{
	if (!log_enabled(level))
		return;
	_cleanup_strbuf_ struct strbuf line = {0};
	append_line(&line, level, message, fields, count);
	struct bytes out = strbuf_bytes(&line);
	if (line.failed)
		out = settings.format == LOG_JSON
			? BYTES_LITERAL(
				"{\"level\":\"error\",\"message\":\"no memory for a log line\"}\n")
			: BYTES_LITERAL("error   no memory for a log line\n");
	pthread_mutex_lock(&lock);
	if (!tell_what_was_lost() || !put(out))
		atomic_fetch_add_explicit(&lost, 1, memory_order_relaxed);
	pthread_mutex_unlock(&lock);
}
