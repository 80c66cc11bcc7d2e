#include "origin.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <udcg/store/statement.h>
#include <unistd.h>

enum { PIECE = 256 * 1024 };

static struct origin from_stat(const struct stat *state)
{
	return (struct origin){
		.size = state->st_size,
		.inode = (int64_t)state->st_ino,
		.modified = (int64_t)((uint64_t)state->st_mtim.tv_sec * 1000000000
			+ (uint64_t)state->st_mtim.tv_nsec),
	};
}

bool origin_look(const char *path, struct origin *ret_origin)
{
	struct stat state;
	if (stat(path, &state) != 0)
		return false;
	*ret_origin = from_stat(&state);
	return true;
}

static bool digest_file(int fd, char hex[static DIGEST_HEX_SIZE])
{
	static _Thread_local char piece[PIECE];
	struct digest digest;
	digest_start(&digest);
	for (;;) {
		ssize_t length = read(fd, piece, sizeof(piece));
		if (length < 0)
			return false;
		if (length == 0)
			break;
		digest_update(&digest, piece, (size_t)length);
	}
	digest_finish_hex(&digest, hex);
	return true;
}

bool origin_read(const char *path, struct origin *ret_origin)
{
	struct stat before, after;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	struct origin origin = {0};
	bool good =
		fstat(fd, &before) == 0 && digest_file(fd, origin.sha256) && fstat(fd, &after) == 0;
	close(fd);
	if (!good)
		return false;
	char sha256[DIGEST_HEX_SIZE];
	memcpy(sha256, origin.sha256, sizeof(sha256));
	struct origin first = from_stat(&before);
	origin = from_stat(&after);
	memcpy(origin.sha256, sha256, sizeof(sha256));
	*ret_origin = origin;
	return origin_looks_like(&first, &origin);
}

bool origin_looks_like(const struct origin *a, const struct origin *b)
{
	return a->size == b->size && a->inode == b->inode && a->modified == b->modified;
}

enum store_status origin_note(struct database *database, const struct origin *origin)
{
	static const char sql[] = "INSERT INTO origin (row, size, inode, modified, sha256)"
				  " VALUES (1, :size, :inode, :modified, :sha256)";
	_cleanup_statement_ struct statement *statement = NULL;
	enum store_status status = statement_prepare(database, BYTES_LITERAL(sql), &statement);
	if (status != STORE_OK)
		return status;
	statement_bind_integer(statement, "size", origin->size);
	statement_bind_integer(statement, "inode", origin->inode);
	statement_bind_integer(statement, "modified", origin->modified);
	statement_bind_text(statement, "sha256", bytes_of(origin->sha256));
	return statement_run(statement);
}

enum store_status origin_recall(struct database *database, struct origin *ret_origin,
	bool *ret_found)
{
	static const char sql[] = "SELECT size, inode, modified, sha256 FROM origin";
	_cleanup_statement_ struct statement *statement = NULL;
	enum store_status status = statement_prepare(database, BYTES_LITERAL(sql), &statement);
	if (status == STORE_OK)
		status = statement_step(statement, ret_found);
	if (status != STORE_OK || !*ret_found)
		return status;
	*ret_origin = (struct origin){
		.size = statement_integer(statement, 0),
		.inode = statement_integer(statement, 1),
		.modified = statement_integer(statement, 2),
	};
	struct bytes sha256 = statement_text(statement, 3);
	if (sha256.length == sizeof(ret_origin->sha256) - 1)
		memcpy(ret_origin->sha256, sha256.data, sha256.length);
	return STORE_OK;
}
