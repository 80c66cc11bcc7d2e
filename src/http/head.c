#include "head.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TARGET_KEPT = 1024 }; /* bytes: longer ones are not worth keeping memory for */

static const char token_marks[] = "!#$%&'*+-.^_`|~";

static bool is_alphanumeric(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool all_of(struct bytes text, const char *marks)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (!is_alphanumeric(c) && (c == '\0' || !strchr(marks, c)))
			return false;
	}
	return true;
}

static bool is_field_value(struct bytes text)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static bool is_one_word(struct bytes text)
{
	return is_field_value(text) && !memchr(text.data, ' ', text.length)
		&& !memchr(text.data, '\t', text.length);
}

/* uri-host [":" port]; empty for a target that has no authority. */
static bool is_host(struct bytes text)
{
	return all_of(text, "-._~%!$&'()*+,;=:[]");
}

static struct bytes trimmed(struct bytes text)
{
	while (text.length > 0 && strchr(" \t", text.data[text.length - 1]))
		text.length--;
	return text;
}

static bool is_name(struct bytes name, const char *wanted)
{
	return strncasecmp(name.data, wanted, name.length) == 0 && wanted[name.length] == '\0';
}

static void object(struct head *head, const char *violation)
{
	if (!head->request.violation)
		head->request.violation = violation;
}

static void list_add(struct header_list *list, struct bytes value)
{
	if (!list->value.data) {
		list->value = value;
		return;
	}
	if (list->value.data != list->joined.data) {
		strbuf_clear(&list->joined);
		strbuf_append_bytes(&list->joined, list->value);
	}
	strbuf_append_text(&list->joined, ", ");
	strbuf_append_bytes(&list->joined, value);
	list->value = strbuf_bytes(&list->joined);
}

static void read_length(struct head *head, struct bytes value)
{
	if (++head->lengths > 1 || value.length == 0 || value.length > 19)
		object(head, "one Content-Length at most, of up to 19 digits");
	uint64_t length = 0;
	for (size_t i = 0; i < value.length && i < 19; i++) {
		if (value.data[i] < '0' || value.data[i] > '9')
			object(head, "Content-Length is not a number");
		length = length * 10 + (uint64_t)(unsigned char)(value.data[i] - '0');
	}
	head->body_length = length;
}

static void read_host(struct head *head, struct bytes value)
{
	head->hosts++;
	if (!is_host(value))
		object(head, "Host is not a host name with an optional port");
}

static void read_request_id(struct head *head, struct bytes value)
{
	if (value.length == 0 || value.length > REQUEST_ID_MAX || !all_of(value, "._-"))
		return;
	memcpy(head->request_id, value.data, value.length);
	head->request_id[value.length] = '\0';
}

static void read_last_event_id(struct head *head, struct bytes value)
{
	if (value.length >= sizeof(head->last_event_id))
		return;
	memcpy(head->last_event_id, value.data, value.length);
	head->last_event_id[value.length] = '\0';
}

static void read_field(struct head *head, struct bytes name, struct bytes value)
{
	switch (name.length) {
	case 4:
		if (is_name(name, "Host"))
			read_host(head, value);
		break;
	case 6:
		if (is_name(name, "Accept"))
			list_add(&head->accept, value);
		else if (is_name(name, "Expect"))
			head->expects_continue = true;
		break;
	case 12:
		if (is_name(name, "X-Request-Id"))
			read_request_id(head, value);
		break;
	case 13:
		if (is_name(name, "If-None-Match"))
			list_add(&head->if_none_match, value);
		else if (is_name(name, "Last-Event-ID"))
			read_last_event_id(head, value);
		break;
	case 14:
		if (is_name(name, "Content-Length"))
			read_length(head, value);
		break;
	case 15:
		if (is_name(name, "Accept-Encoding"))
			list_add(&head->accept_encoding, value);
		break;
	case 17:
		if (is_name(name, "Transfer-Encoding")) {
			object(head, "a request here has no Transfer-Encoding");
			head->body_length = UINT64_MAX;
		}
		break;
	default:
		break;
	}
}

static enum MHD_Result on_field(void *context, enum MHD_ValueKind kind, const char *name,
	size_t name_length, const char *value, size_t value_length)
{
	(void)kind;
	struct head *head = context;
	struct bytes name_bytes = {.data = name, .length = name_length};
	struct bytes value_bytes = {.data = value ? value : "", .length = value ? value_length : 0};
	head->end = value_bytes.data + value_bytes.length;
	if (name_length == 0 || !all_of(name_bytes, token_marks))
		object(head, "the name of a header is not a token");
	else if (!is_field_value(value_bytes))
		object(head, "a header contains a control character");
	else
		read_field(head, name_bytes, trimmed(value_bytes));
	return MHD_YES;
}

static enum method method_of(const char *name)
{
	static const struct {
		const char *name;
		enum method method;
	} methods[] = {
		{.name = "GET", .method = METHOD_GET},
		{.name = "HEAD", .method = METHOD_HEAD},
		{.name = "OPTIONS", .method = METHOD_OPTIONS},
		{.name = "POST", .method = METHOD_OTHER},
		{.name = "PUT", .method = METHOD_OTHER},
		{.name = "DELETE", .method = METHOD_OTHER},
		{.name = "PATCH", .method = METHOD_OTHER},
		{.name = "TRACE", .method = METHOD_OTHER},
		{.name = "CONNECT", .method = METHOD_OTHER},
	};
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (strcmp(name, methods[i].name) == 0)
			return methods[i].method;
	}
	return METHOD_UNKNOWN;
}

/* The four forms of RFC 9112, 3.2, brought to origin form; `*` stays. */
static struct bytes origin_form(struct head *head, const char *method)
{
	struct bytes target = strbuf_bytes(&head->target);
	if (!is_one_word(target))
		object(head, "the request target contains a space or a control character");
	if (strcmp(method, "CONNECT") == 0)
		return BYTES_LITERAL("/"); /* an authority has no path */
	if (target.data[0] == '/' || strcmp(target.data, "*") == 0)
		return target;

	size_t scheme = strncasecmp(target.data, "http://", 7) == 0 ? 7
		: strncasecmp(target.data, "https://", 8) == 0	    ? 8
								    : 0;
	size_t authority = strcspn(target.data + scheme, "/?");
	if (scheme == 0 || authority == 0
		|| !is_host((struct bytes){.data = target.data + scheme, .length = authority})) {
		object(head, "the request target is neither a path nor a URL");
		return BYTES_LITERAL("/");
	}
	size_t path = scheme + authority;
	if (target.data[path] != '/') {
		/* http://host?query: the slash takes the place of the authority's last byte. */
		head->target.data[--path] = '/';
	}
	return (struct bytes){.data = target.data + path, .length = target.length - path};
}

/* 0.9.75 takes a header without a name for the end of the head, and what follows for another
 * request. Then more than two line ends lie between the last header and the end. */
static bool ends_properly(const struct head *head, struct MHD_Connection *connection,
	const char *method)
{
#if MHD_VERSION < 0x00097701
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	size_t gap = info ? (size_t)(method + info->header_size - head->end) : 0;
	return gap == strlen("\r\n\r\n") || gap == strlen("\n\n");
#else
	(void)head;
	(void)connection;
	(void)method;
	return true;
#endif
}

void head_begin(struct head *head, const char *target)
{
	strbuf_clear(&head->target);
	strbuf_append_text(&head->target, target);
	head->accept.value = head->accept_encoding.value = head->if_none_match.value =
		(struct bytes){0};
	head->request_id[0] = head->last_event_id[0] = '\0';
	head->body_length = 0;
	head->expects_continue = false;
	head->hosts = head->lengths = 0;
	head->request = (struct request){0};
}

void head_read(struct head *head, struct MHD_Connection *connection, const char *method,
	const char *url, const char *version)
{
	struct request *request = &head->request;
	request->method = method_of(method);
	if (request->method == METHOD_UNKNOWN && !all_of(bytes_of(method), token_marks))
		object(head, "the method is not a token");
	/* MHD gives method and target as C strings. They lie in one buffer with the version behind them,
	 * so that a NUL inside shows as a gap. */
	if (url > method && (size_t)(url - method) > strlen(method) + 1)
		object(head, "more than a space stands between the method and the request target");
	if (version > url && (size_t)(version - url) > head->target.length + 1)
		object(head, "the request target contains a NUL");
	request->target = origin_form(head, method);
	head->end = version + strlen(version);
	MHD_get_connection_values_n(connection, MHD_HEADER_KIND, on_field, head);
	if (!ends_properly(head, connection, method))
		object(head, "a header has no name, or goes on in the next line");
	head->http_1_0 = strcmp(version, "HTTP/1.0") == 0;
	if (head->hosts > 1 || (!head->http_1_0 && head->hosts == 0))
		object(head, "one Host header is needed, and one only");
	request->accept = head->accept.value;
	request->accept_encoding = head->accept_encoding.value;
	request->if_none_match = head->if_none_match.value;
}

bool head_reads(const struct head *head)
{
	return head->request.method == METHOD_GET || head->request.method == METHOD_HEAD;
}

void head_end(struct head *head)
{
	if (head->target.capacity > TARGET_KEPT)
		strbuf_free(&head->target);
	strbuf_free(&head->accept.joined);
	strbuf_free(&head->accept_encoding.joined);
	strbuf_free(&head->if_none_match.joined);
}

void head_free(struct head *head)
{
	head_end(head);
	strbuf_free(&head->target);
}
