#include "config.h"

#include <stdlib.h>
#include <string.h>

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit size_units[] = {
	{.name = "", .factor = 1},
	{.name = "K", .factor = 1 << 10},
	{.name = "KiB", .factor = 1 << 10},
	{.name = "M", .factor = 1 << 20},
	{.name = "MiB", .factor = 1 << 20},
	{.name = "G", .factor = 1 << 30},
	{.name = "GiB", .factor = 1 << 30},
	{0},
};

static const struct unit duration_units[] = {
	{.name = "", .factor = 1000000000},
	{.name = "ms", .factor = 1000000},
	{.name = "s", .factor = 1000000000},
	{.name = "m", .factor = INT64_C(60000000000)},
	{0},
};

static const struct unit number_units[] = {{.name = "", .factor = 1}, {0}};

static void *field_of(struct config *config, const struct option *option)
{
	return (char *)config + option->offset;
}

/* Digits, then a unit. */
static bool parse_number(const char *text, const struct unit *units, int64_t *ret_number)
{
	size_t digits = strspn(text, "0123456789");
	if (digits == 0 || digits > 18)
		return false;
	int64_t number = strtoll(text, NULL, 10);
	while (units->name && strcmp(text + digits, units->name) != 0)
		units++;
	return units->name && !__builtin_mul_overflow(number, units->factor, ret_number);
}

static void append_number(struct strbuf *text, const struct option *option, int64_t number)
{
	if (option->kind == OPTION_DURATION && number % 1000000000 == 0)
		strbuf_append_format(text, "%jds", (intmax_t)(number / 1000000000));
	else if (option->kind == OPTION_DURATION)
		strbuf_append_format(text, "%jdms", (intmax_t)(number / 1000000));
	else if (option->kind == OPTION_SIZE && number > 0 && number % (1 << 20) == 0)
		strbuf_append_format(text, "%jdM", (intmax_t)(number >> 20));
	else
		strbuf_append_integer(text, number);
}

static bool set_number(struct config *config, const struct option *option, const char *text,
	const struct unit *units, struct strbuf *fault)
{
	int64_t number;
	if (parse_number(text, units, &number) && number >= option->minimum
		&& number <= option->maximum) {
		*(int64_t *)field_of(config, option) = number;
		return true;
	}
	strbuf_append_text(fault,
		units == duration_units	      ? "a time from "
			: units == size_units ? "a number of bytes from "
					      : "a number from ");
	append_number(fault, option, option->minimum);
	strbuf_append_text(fault, " to ");
	append_number(fault, option, option->maximum);
	if (units == duration_units)
		strbuf_append_text(fault, ", like 500ms, 1s or 2m");
	else if (units == size_units)
		strbuf_append_text(fault, ", like 65536, 64K, 64M or 1G");
	return false;
}

static bool set_choice(struct config *config, const struct option *option, const char *text,
	struct strbuf *fault)
{
	for (int64_t i = 0; option->choices[i]; i++) {
		if (strcmp(text, option->choices[i]) == 0) {
			*(int64_t *)field_of(config, option) = i;
			return true;
		}
	}
	strbuf_append_format(fault, "one of %s", option->argument);
	return false;
}

static bool set_switch(struct config *config, const struct option *option, const char *text,
	struct strbuf *fault)
{
	static const char *const values[] = {"", "0", "false", "no", "1", "true", "yes"};
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (strcmp(text, values[i]) == 0) {
			*(bool *)field_of(config, option) = i >= 4;
			return true;
		}
	}
	strbuf_append_text(fault, "1, true or yes; 0, false or no");
	return false;
}

/* Empty only where that is what it is without the option. */
static bool set_text(struct config *config, const struct option *option, const char *text,
	struct strbuf *fault)
{
	if (text[0] == '\0' && !(option->initial && option->initial[0] == '\0')) {
		strbuf_append_text(fault, option->argument);
		return false;
	}
	*(const char **)field_of(config, option) = text;
	return true;
}

static bool set_value(struct config *config, const struct option *option, const char *text,
	struct strbuf *fault)
{
	switch (option->kind) {
	case OPTION_SWITCH:
		return set_switch(config, option, text, fault);
	case OPTION_TEXT:
		return set_text(config, option, text, fault);
	case OPTION_NUMBER:
		return set_number(config, option, text, number_units, fault);
	case OPTION_SIZE:
		return set_number(config, option, text, size_units, fault);
	case OPTION_DURATION:
		return set_number(config, option, text, duration_units, fault);
	case OPTION_CHOICE:
	default:
		return set_choice(config, option, text, fault);
	}
}

bool config_set(struct config *config, const struct option *option, const char *text,
	struct strbuf *fault)
{
	_cleanup_strbuf_ struct strbuf allowed = {0};
	if (set_value(config, option, text, &allowed))
		return true;
	strbuf_append_format(fault, "\"%s\" is not allowed for --%s: it takes %s", text,
		option->name, strbuf_bytes(&allowed).data);
	return false;
}

void config_start(struct config *config)
{
	_cleanup_strbuf_ struct strbuf fault = {0};
	*config = (struct config){0};
	for (size_t i = 0; i < config_option_count; i++) {
		const struct option *option = &config_options[i];
		if (option->initial && !config_set(config, option, option->initial, &fault))
			abort();
	}
}

const struct option *config_find(struct bytes name)
{
	for (size_t i = 0; i < config_option_count; i++) {
		if (bytes_equal(bytes_of(config_options[i].name), name))
			return &config_options[i];
	}
	return NULL;
}

static uint64_t bit_of(const struct option *option)
{
	return UINT64_C(1) << (option - config_options);
}

void config_note_argument(struct config *config, const struct option *option)
{
	config->arguments |= bit_of(option);
}

bool config_is_argument(const struct config *config, const char *name)
{
	return config->arguments & bit_of(config_find(bytes_of(name)));
}

void config_variable(const struct option *option, char variable[static OPTION_VARIABLE_SIZE])
{
	static const char prefix[] = "UDCG_";
	memcpy(variable, prefix, sizeof(prefix));
	char *at = variable + sizeof(prefix) - 1;
	for (const char *c = option->name; *c; c++)
		*at++ = *c == '-' ? '_' : (char)(*c - 'a' + 'A');
	*at = '\0';
}

bool config_read_environment(struct config *config, unsigned commands, struct strbuf *fault)
{
	for (size_t i = 0; i < config_option_count; i++) {
		const struct option *option = &config_options[i];
		char variable[OPTION_VARIABLE_SIZE];
		config_variable(option, variable);
		const char *text = getenv(variable);
		if (!text || text[0] == '\0' || !(option->commands & commands))
			continue;
		if (!config_set(config, option, text, fault)) {
			strbuf_append_format(fault, " (from %s)", variable);
			return false;
		}
	}
	return true;
}

void config_append_initial(const struct option *option, struct strbuf *text)
{
	const char *initial = option->initial ? option->initial : option->computed;
	if (initial && initial[0] != '\0')
		strbuf_append_format(text, "default: %s", initial);
}
